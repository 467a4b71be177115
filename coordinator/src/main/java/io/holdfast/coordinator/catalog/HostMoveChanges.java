package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.HostMoveOrdered;
import io.holdfast.proto.stored.v1.HostMoveRefused;
import io.holdfast.proto.stored.v1.HostMoved;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * Effects of moves of hosts to other repositories.
 *
 * <ol>
 *   <li>I1: an order changes nothing of what a host may do here: it may never go.
 *   <li>I2: a host moves away once, and only if it wasn't revoked before. From then on it is
 *       revoked, by the slot of its move.
 *   <li>I3: a later revocation takes the place of that one: so it is told who may still read.
 * </ol>
 */
final class HostMoveChanges {
  private HostMoveChanges() {}

  /** I1. The newest order is the one that counts. */
  static void order(HostMoveOrdered change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    if (!effects.has(Families.HOSTS, host) || effects.has(Families.REVOCATIONS, host)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOST_MOVES, host, effects.recorded(mutation));
  }

  /** I2. That it was ordered is not asked: the host went, whatever this journal has lost. */
  static void move(HostMoved change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    if (!effects.has(Families.HOSTS, host) || effects.has(Families.REVOCATIONS, host)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOSTS_MOVED, host, effects.recorded(mutation));
    effects.put(Families.REVOCATIONS, host, Keys.seq(effects.seq()));
  }

  /** Another order that came meanwhile stands. */
  static void refuse(HostMoveRefused change, Effects effects) {
    HostId host = Fields.host(change.getHost());
    boolean isOrdered =
        !effects.has(Families.HOSTS_MOVED, host.toByteArray())
            && effects
                .get(Families.HOST_MOVES, host.toByteArray())
                .map(row -> Recorded.of(row).change().getHostMoveOrdered().getMove())
                .filter(change.getMove()::equals)
                .isPresent();
    if (!isOrdered) {
      effects.ignore();
      return;
    }
    effects.delete(Families.HOST_MOVES, host.toByteArray());
  }

  /** Whether {@code host} moved away and was not revoked after that. */
  static boolean isMoved(byte[] host, Effects effects) {
    return effects
        .get(Families.HOSTS_MOVED, host)
        .filter(row -> effects.get(Families.REVOCATIONS, host).filter(isBy(row)).isPresent())
        .isPresent();
  }

  /** I3. Whether a row of revocations is of the same slot as {@code moved}. */
  static Predicate<byte[]> isBy(byte[] moved) {
    return revoked -> ByteBuffer.wrap(revoked).getLong() == Recorded.of(moved).seq();
  }
}
