package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.retention.clock.ClockDoubt;
import io.holdfast.coordinator.retention.clock.ClockLimits;
import io.holdfast.coordinator.retention.clock.ClockReading;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import io.holdfast.coordinator.retention.clock.ClockWatch;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.ClockConfirmed;
import io.holdfast.proto.stored.v1.ClockDetails;
import io.holdfast.proto.stored.v1.Details;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches this coordinator's clock, and remembers on its own disk what it saw: at least once a
 * minute, and at once when the clock comes to be doubted or believed. Any thread.
 */
public final class ClockKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(ClockKeeper.class);
  private static final Duration SAVED_EVERY = Duration.ofMinutes(1);

  private final FleetPorts fleet;
  private final CoordinatorId coordinator;
  private final ClockFile file;
  private final ClockWatch watch;
  private final ReentrantLock reading = new ReentrantLock();
  private ClockStanding standing;
  private boolean isSaved;
  private long savedNanos;

  private ClockKeeper(
      FleetPorts fleet, CoordinatorId coordinator, ClockFile file, ClockLimits limits) {
    this.fleet = fleet;
    this.coordinator = coordinator;
    this.file = file;
    this.watch = new ClockWatch(limits);
    Optional<ClockStanding> left = file.read();
    standing =
        left.map(before -> watch.resume(before, look())).orElseGet(() -> watch.start(look()));
    standing.doubt().ifPresent(doubt -> LOG.warn("{}", doubt.words()));
  }

  /** Goes on from what {@code file} remembers of an earlier process. */
  public static ClockKeeper open(
      FleetPorts fleet,
      CoordinatorId coordinator,
      FileSystem files,
      Path file,
      ClockLimits limits) {
    return new ClockKeeper(fleet, coordinator, new ClockFile(files, file), limits);
  }

  private ClockReading look() {
    Instant journal;
    try (CatalogView view = fleet.views().get()) {
      journal = Instant.ofEpochMilli(view.head().map(CatalogHead::timeMillis).orElse(0L));
    }
    return new ClockReading(fleet.time().now(), fleet.time().nanos(), journal);
  }

  /** Reads the clocks and says how the wall clock stands. IO if that can't be remembered. */
  public ClockStanding read() {
    reading.lock();
    try {
      return next();
    } finally {
      reading.unlock();
    }
  }

  /** Why the clock isn't believed, as of the last reading. */
  public Optional<ClockDoubt> doubt() {
    reading.lock();
    try {
      return standing.doubt();
    } finally {
      reading.unlock();
    }
  }

  private ClockStanding next() {
    ClockStanding before = standing;
    standing = watch.next(before, look());
    boolean isNews = !cause(before).equals(cause(standing));
    boolean isDue = fleet.time().nanos() - savedNanos >= SAVED_EVERY.toNanos();
    if (isNews || isDue || !isSaved) {
      save();
    }
    if (isNews) {
      LOG.warn("{}", standing.doubt().map(doubt -> doubt.words()).orElse("the clock is trusted"));
    }
    return standing;
  }

  /** Tells one doubt from another: a doubt that begins anew is news. */
  private static Optional<Instant> cause(ClockStanding of) {
    return of.doubt().map(doubt -> doubt.since());
  }

  private void save() {
    isSaved = false;
    file.save(standing);
    isSaved = true;
    savedNanos = fleet.time().nanos();
  }

  /**
   * {@code actor} has compared the clock with another one: it is right. CONFIRMATION_REQUIRED
   * unless {@code confirmed}; errors of the journal.
   */
  public ClockStanding confirm(boolean confirmed, String actor) throws InterruptedException {
    reading.lockInterruptibly();
    try {
      return confirmNow(confirmed, actor);
    } finally {
      reading.unlock();
    }
  }

  private ClockStanding confirmNow(boolean confirmed, String actor) throws InterruptedException {
    ClockStanding now = next();
    if (!confirmed) {
      throw new HoldfastException(
          ErrorCode.CONFIRMATION_REQUIRED,
          "the coordinator's clock shows "
              + now.now()
              + ", and snapshots expire by it; compare it with another clock, then say that it is"
              + " right (--yes)");
    }
    fleet.append(
        fleet
            .mutations()
            .seal(
                Change.newBuilder()
                    .setClockConfirmed(
                        ClockConfirmed.newBuilder()
                            .setCoordinator(ByteString.copyFrom(coordinator.toByteArray()))
                            .setShownMillis(now.now().toEpochMilli()))
                    .build(),
                Details.newBuilder().setClock(ClockDetails.newBuilder().setActor(actor)).build()));
    standing = watch.confirm(now);
    save();
    return standing;
  }
}
