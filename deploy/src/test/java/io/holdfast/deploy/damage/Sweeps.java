package io.holdfast.deploy.damage;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.MovableTime;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Has snapshots forgotten and what only they needed swept away, over days that pass by hand. */
final class Sweeps {
  private static final Duration UNDO_AND_MORE = Duration.ofDays(8);
  private static final Duration QUARANTINE_AND_MORE = Duration.ofDays(4);

  private final Fleet fleet;
  private final MovableTime time;
  private final Predicate<String> names;

  /**
   * With {@code fleet}, which lives by {@code time}.
   *
   * @param names whether a message names what is damaged
   */
  Sweeps(Fleet fleet, MovableTime time, Predicate<String> names) {
    this.fleet = fleet;
    this.time = time;
    this.names = names;
  }

  /** A word for what sweeps did when {@code snapshots} had gone. */
  String forget(List<SnapshotId> snapshots) {
    try (AdminLink admin = fleet.admin()) {
      DeleteSnapshotsRequest.Builder request =
          DeleteSnapshotsRequest.newBuilder().setConfirmed(true);
      snapshots.forEach(snapshot -> request.addSnapshots(snapshot.toString()));
      admin.deleteSnapshots(request.build());
      pass(admin, UNDO_AND_MORE);
      admin.runRetention("");
      final long before = admin.sweepStatus().getDeletedPacks();
      try {
        admin.runSweep(event -> {});
        Optional<String> unwritten = checkpoints(admin);
        pass(admin, QUARANTINE_AND_MORE);
        admin.runSweep(event -> {});
        return unwritten
            .map(code -> waits(admin, code, before))
            .orElseGet(() -> done(admin, before));
      } catch (HoldfastException e) {
        return stopped(admin, e, before);
      }
    }
  }

  /** Without two checkpoints over it nothing is deleted; why there are none. */
  private static Optional<String> checkpoints(AdminLink admin) {
    try {
      admin.writeCheckpoint();
      admin.writeCheckpoint();
      return Optional.empty();
    } catch (HoldfastException e) {
      return Optional.of(e.code().toString());
    }
  }

  private static String waits(AdminLink admin, String code, long before) {
    return admin.sweepStatus().getDeletedPacks() == before
        ? "no checkpoint " + code
        : "WRONG: it deleted without checkpoints, which end by " + code;
  }

  private void pass(AdminLink admin, Duration days) {
    time.advance(days);
    admin.confirmClock(true);
  }

  private String stopped(AdminLink admin, HoldfastException why, long before) {
    if (admin.sweepStatus().getDeletedPacks() != before) {
      return "WRONG: it deleted something and then failed: " + why.getMessage();
    }
    return alarmed(admin, "stops " + why.code() + (names.test(why.getMessage()) ? "" : "?"));
  }

  private static String done(AdminLink admin, long before) {
    SweepStatusAnswer status = admin.sweepStatus();
    boolean deleted = status.getDeletedPacks() > before;
    if (status.getWaitingCount() == 0) {
      return deleted ? "frees" : "WRONG: nothing went, and nobody says why";
    }
    return alarmed(admin, deleted ? "frees some" : "waits");
  }

  /** Whoever isn't told that space doesn't come back finds out when the vault is full. */
  private static String alarmed(AdminLink admin, String word) {
    boolean up =
        admin.status().getAlarmsList().stream()
            .anyMatch(alarm -> alarm.getKind().equals("sweep_waiting"));
    return up ? word : "WRONG: " + word + ", without an alarm";
  }
}
