package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was recorded of a host after its enrolment, the newest of each kind.
 *
 * @param rename by which it has its present name
 * @param labels by which people gave it those that it has
 * @param facts by which it told what counts now
 * @param moved when its labels or facts last took it into a policy or out of it, milliseconds since
 *     1970
 */
public record HostRevisions(
    Optional<Mutation> rename,
    Optional<Mutation> labels,
    Optional<Mutation> facts,
    Map<PolicyId, Long> moved) {
  public static final HostRevisions NONE =
      new HostRevisions(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  private static final int HOST_BYTES = 16;

  public HostRevisions {
    moved = Map.copyOf(moved);
  }

  /** Whose a row is. */
  static HostId hostOf(byte[] key) {
    return HostId.of(Arrays.copyOf(key, HOST_BYTES));
  }

  /** With what one more row says. */
  HostRevisions and(byte[] key, byte[] row) {
    if (key.length == HOST_BYTES) {
      return new HostRevisions(Optional.of(Recorded.of(row).mutation()), labels, facts, moved);
    }
    return switch (key[HOST_BYTES]) {
      case Keys.LABELS_OF_HOST ->
          new HostRevisions(rename, Optional.of(Recorded.of(row).mutation()), facts, moved);
      case Keys.FACTS_OF_HOST ->
          new HostRevisions(rename, labels, Optional.of(Recorded.of(row).mutation()), moved);
      default -> {
        Map<PolicyId, Long> more = new HashMap<>(moved);
        byte[] policy = Arrays.copyOfRange(key, HOST_BYTES + 1, key.length);
        more.put(PolicyId.of(policy), ByteBuffer.wrap(row).getLong());
        yield new HostRevisions(rename, labels, facts, more);
      }
    };
  }
}
