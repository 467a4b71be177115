package io.holdfast.deploy.sim;

import io.holdfast.common.id.RecordHash;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.Authority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Bugs around schedules and orders that somebody might write, each in place of one part. The
 * simulation of schedules has to notice every one of them within a few seeds.
 */
enum PlantedSchedules implements Seams {
  /** Caps that nobody keeps to. */
  CAPS_IGNORED {
    @Override
    public Caps caps(Caps caps) {
      return new Caps(100, 100, Map.of(), Map.of());
    }
  },
  /** An order is sent while its record is still on its way. */
  ORDER_SENT_BEFORE_DURABLE {
    @Override
    public FleetPorts fleet(FleetPorts fleet, Schedule schedule, SimProcess process) {
      return new FleetPorts(
          fleet.fleet(),
          fleet.repository(),
          fleet.views(),
          mutations -> later(fleet, mutations, schedule, process),
          fleet.mutations(),
          fleet.authority(),
          fleet.meter(),
          fleet.time(),
          fleet.randomness());
    }

    private CompletableFuture<Appended> later(
        FleetPorts fleet, List<Mutation> mutations, Schedule schedule, SimProcess process) {
      schedule
          .executor(process, "late")
          .execute(() -> {
            try {
              schedule.sleep(2_000_000_000L);
              var _ = fleet.journal().append(mutations);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      Authority head = fleet.authority().get();
      RecordHash hash = RecordHash.of(head.getRecordHash().toByteArray());
      SlotHash slot = new SlotHash(head.getSeq(), hash);
      return CompletableFuture.completedFuture(new Appended(slot, null, fleet.time().now()));
    }
  },
  /** Nobody waits for what was ordered before a restart. */
  NOTHING_TAKEN_UP {
    @Override
    public void takeUp(Jobs jobs) {}
  },
  /** Schedules live by a clock that lags behind. */
  SCHEDULE_LATE {
    @Override
    public FleetPorts fleet(FleetPorts fleet, Schedule schedule, SimProcess process) {
      return new FleetPorts(
          fleet.fleet(),
          fleet.repository(),
          fleet.views(),
          fleet.journal(),
          fleet.mutations(),
          fleet.authority(),
          fleet.meter(),
          behind(fleet.time()),
          fleet.randomness());
    }
  },
  /** Orders wait on a host for as long as they like. */
  ORDERS_NEVER_EXPIRE {
    @Override
    public Time orderTime(Time time) {
      return new Time() {
        @Override
        public Instant now() {
          return time.now();
        }

        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          time.sleep(duration);
        }
      };
    }
  },
  /** What was told of alarms is forgotten with the process. */
  TOLD_FORGOTTEN {
    @Override
    public FileSystem alarmMemory(FileSystem files) {
      return new PlantedFiles(files) {
        @Override
        public boolean exists(Path path) {
          return false;
        }

        @Override
        public WritableFile createFile(Path path) throws IOException {
          if (files.exists(path)) {
            files.delete(path);
          }
          return super.createFile(path);
        }
      };
    }
  };

  private static Time behind(Time time) {
    return new Time() {
      @Override
      public Instant now() {
        return time.now().minus(Duration.ofHours(3));
      }

      @Override
      public long nanos() {
        return time.nanos();
      }

      @Override
      public void sleep(Duration duration) throws InterruptedException {
        time.sleep(duration);
      }
    };
  }
}
