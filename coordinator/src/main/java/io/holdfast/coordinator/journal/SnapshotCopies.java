package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Digests;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Purpose;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SnapshotCopy;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Copies of snapshot records, as they ride in page packs: a mutation of the journal with its slot
 * and time, signed on its own, so that it can be believed where the journal is gone (FORMAT.md,
 * section 7). Pure functions.
 */
public final class SnapshotCopies {
  private SnapshotCopies() {}

  /**
   * The copy of a mutation.
   *
   * @param certificates the signing key's and its issuing CA's, without the root
   */
  public static SnapshotCopy sign(
      Mutation mutation, long seq, long timeMillis, SigningKey key, List<byte[]> certificates) {
    SnapshotCopy.Builder copy =
        SnapshotCopy.newBuilder().setMutation(mutation).setSeq(seq).setTimeMillis(timeMillis);
    byte[] signature = key.sign(SigningDomain.SNAPSHOT_COPY, statement(copy.build())).toByteArray();
    return copy.setSignature(ByteString.copyFrom(signature))
        .addAllCertificates(certificates.stream().map(ByteString::copyFrom).toList())
        .build();
  }

  /**
   * Returns if a journal writer of the fleet signed it, under whichever of its roots.
   *
   * @throws io.holdfast.common.error.HoldfastException SIGNATURE_INVALID, CERTIFICATE_INVALID,
   *     CERTIFICATE_EXPIRED (at the copy's time), MALFORMED
   */
  public static void verify(SnapshotCopy copy, RootLine line) {
    List<X509Certificate> chain =
        Certificates.parseChain(
            copy.getCertificatesList().stream().map(ByteString::toByteArray).toList());
    FleetTrust.following(line.roots())
        .verify(chain, Purpose.JOURNAL, Instant.ofEpochMilli(copy.getTimeMillis()));
    VerifyingKey.of(chain.getFirst())
        .check(
            "the copy of the snapshot record of journal slot " + copy.getSeq(),
            SigningDomain.SNAPSHOT_COPY,
            Signature.of(copy.getSignature().toByteArray()),
            statement(copy));
  }

  private static byte[] statement(SnapshotCopy copy) {
    return ByteBuffer.allocate(8 + 8 + 32 + 32)
        .putLong(copy.getSeq())
        .putLong(copy.getTimeMillis())
        .put(sha256(copy.getMutation().getClear()))
        .put(sha256(copy.getMutation().getSealed()))
        .array();
  }

  private static byte[] sha256(ByteString bytes) {
    return Digests.sha256(bytes.toByteArray()).toByteArray();
  }
}
