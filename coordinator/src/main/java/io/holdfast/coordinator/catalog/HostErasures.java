package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostErased;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SessionOpened;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Effects of erasing hosts. What whoever decided looked at is looked at again here, since after the
 * record the key is destroyed and nothing brings it back.
 *
 * <ol>
 *   <li>I1: a host is erased only after it was revoked: it adds no snapshots afterwards.
 *   <li>I2: none is erased that has a session or a job open, or one of whose snapshots an open
 *       session or job reads.
 *   <li>I3: none is erased one of whose snapshots is held, be it live or deleted.
 * </ol>
 */
final class HostErasures {
  /** Of a snapshot's id, with which the keys of its family end. */
  private static final int ID_BYTES = 32;

  private HostErasures() {}

  static boolean isErased(HostId host, Effects effects) {
    return effects.has(Families.HOSTS_ERASED, host.toByteArray());
  }

  static void erase(HostErased change, Mutation mutation, Effects effects) {
    HostId host = Fields.host(change.getHost());
    byte[] key = host.toByteArray();
    boolean mayBe =
        effects.has(Families.HOSTS, key)
            && effects.has(Families.REVOCATIONS, key) // I1
            && !isErased(host, effects);
    if (!mayBe || isInUse(host, effects) || isHeld(host, effects)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOSTS_ERASED, key, effects.recorded(mutation));
  }

  /** I2. */
  private static boolean isInUse(HostId host, Effects effects) {
    Set<ByteString> snapshots = snapshots(host, effects);
    ByteString id = ByteString.copyFrom(host.toByteArray());
    for (byte[] session : effects.keys(Families.SESSIONS, new byte[0])) {
      SessionOpened opened = change(Families.SESSIONS, session, effects).getSessionOpened();
      if (opened.getHost().equals(id) || snapshots.contains(opened.getSnapshot())) {
        return true;
      }
    }
    for (byte[] job : effects.keys(Families.OPEN_JOBS, new byte[0])) {
      JobOrdered ordered = change(Families.JOBS, job, effects).getJobOrdered();
      if (ordered.getHost().equals(id) || snapshots.contains(ordered.getSnapshot())) {
        return true;
      }
    }
    return false;
  }

  private static Change change(Family family, byte[] key, Effects effects) {
    return effects
        .get(family, key)
        .map(row -> Recorded.of(row).change())
        .orElseGet(Change::getDefaultInstance);
  }

  /** I3. */
  private static boolean isHeld(HostId host, Effects effects) {
    return snapshots(host, effects).stream()
        .anyMatch(snapshot -> effects.has(Families.HELD_SNAPSHOTS, snapshot.toByteArray()));
  }

  /** Live and deleted ones. */
  private static Set<ByteString> snapshots(HostId host, Effects effects) {
    Set<ByteString> found = new HashSet<>();
    for (byte[] key : effects.keys(Families.SOURCE_SETS, host.toByteArray())) {
      found.add(ByteString.copyFrom(Arrays.copyOfRange(key, key.length - ID_BYTES, key.length)));
    }
    return found;
  }
}
