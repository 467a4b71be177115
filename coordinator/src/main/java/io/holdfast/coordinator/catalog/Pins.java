package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.SessionOpened;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What open sessions and restores hold on to. */
final class Pins {
  private final Set<ByteString> snapshots = new HashSet<>();
  private final Set<HostId> hosts = new HashSet<>();
  private long oldest = Long.MAX_VALUE;

  private Pins() {}

  /**
   * Looks at all of them.
   *
   * @param keys all keys of a family
   * @param get the row under a key
   */
  static Pins of(
      Function<Family, List<byte[]>> keys, BiFunction<Family, byte[], Optional<byte[]>> get) {
    Pins pins = new Pins();
    for (byte[] session : keys.apply(Families.SESSIONS)) {
      get.apply(Families.SESSIONS, session).map(Recorded::of).ifPresent(pins::addSession);
    }
    for (byte[] job : keys.apply(Families.OPEN_JOBS)) {
      get.apply(Families.JOBS, job).map(Recorded::of).ifPresent(pins::addJob);
    }
    return pins;
  }

  static Pins of(Effects effects) {
    return of(family -> effects.keys(family, new byte[0]), effects::get);
  }

  private void addSession(Recorded recorded) {
    SessionOpened opened = recorded.change().getSessionOpened();
    hosts.add(Fields.host(opened.getHost()));
    add(recorded, opened.getSnapshot());
  }

  private void addJob(Recorded recorded) {
    JobOrdered ordered = recorded.change().getJobOrdered();
    if (ordered.getKind() == JobKind.JOB_KIND_RESTORE) {
      add(recorded, ordered.getSnapshot());
    }
  }

  private void add(Recorded recorded, ByteString snapshot) {
    if (!snapshot.isEmpty()) {
      snapshots.add(snapshot);
      oldest = Math.min(oldest, recorded.seq());
    }
  }

  /** The snapshots they read or merge with. */
  Set<ByteString> snapshots() {
    return snapshots;
  }

  /** The hosts that back up. */
  Set<HostId> hosts() {
    return hosts;
  }

  /** Seq at which the oldest of them began, of those that read a snapshot. */
  long oldest() {
    return oldest;
  }
}
