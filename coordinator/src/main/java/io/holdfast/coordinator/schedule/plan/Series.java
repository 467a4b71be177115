package io.holdfast.coordinator.schedule.plan;

import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.common.id.SeriesId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;

/**
 * What runs again and again: one data class of one policy on one host. A policy that is deleted and
 * applied anew under its name begins new series.
 */
public record Series(PolicyId policy, String dataClass, HostId host) implements Comparable<Series> {
  private static final int ID_BYTES = 16;
  private static final Comparator<Series> ORDER =
      Comparator.comparing(Series::policy)
          .thenComparing(Series::dataClass)
          .thenComparing(Series::host);

  /** The first half of SHA-256 over its parts. */
  public SeriesId id() {
    return SeriesId.of(Arrays.copyOf(sha256("holdfast series").digest(), ID_BYTES));
  }

  /**
   * Where it stands in the room of a {@link io.holdfast.coordinator.schedule.Slot}: a hash, so that
   * it stays the same from run to run, from coordinator to coordinator and from release to release,
   * and so that a host which is first for one policy needn't be for the next.
   */
  public long place() {
    return ByteBuffer.wrap(sha256("holdfast spread").digest()).getLong();
  }

  /** Over {@code label} and data class, each with its length (4), policy (16) and host (16). */
  MessageDigest sha256(String label) {
    MessageDigest sha256 = Digests.newSha256();
    for (String text : new String[] {label, dataClass}) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
      sha256.update(bytes);
    }
    sha256.update(policy.toByteArray());
    sha256.update(host.toByteArray());
    return sha256;
  }

  @Override
  public int compareTo(Series other) {
    return ORDER.compare(this, other);
  }
}
