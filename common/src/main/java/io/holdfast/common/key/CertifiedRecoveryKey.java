package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.proto.stored.v1.RepositoryRecoveryKey;

/**
 * The public half of a private repository's recovery key pair, to which hosts seal their keys, with
 * the fleet root's signature: a coordinator that names a key of its own in its place is found out.
 *
 * @param publicKey X25519
 * @param signature 64 bytes; whether it is the root's is another matter
 */
public record CertifiedRecoveryKey(Bytes32 publicKey, ByteString signature) {
  private static final String WHAT = "the repository's recovery key";
  private static final int SIGNATURE_BYTES = 64;

  /** What an enrolment answer carries. */
  public byte[] encode() {
    return toProto().toByteArray();
  }

  /** MALFORMED if {@code bytes} aren't what {@link #encode} makes. */
  public static CertifiedRecoveryKey parse(byte[] bytes) {
    return ofProto(WHAT, StoredKeys.parse(WHAT, () -> RepositoryRecoveryKey.parseFrom(bytes)));
  }

  RepositoryRecoveryKey toProto() {
    return RepositoryRecoveryKey.newBuilder()
        .setPublicKey(ByteString.copyFrom(publicKey.toByteArray()))
        .setSignature(signature)
        .build();
  }

  static CertifiedRecoveryKey ofProto(String what, RepositoryRecoveryKey stored) {
    if (stored.getPublicKey().size() != Bytes32.LENGTH
        || stored.getSignature().size() != SIGNATURE_BYTES) {
      throw StoredKeys.malformed(what, "its repository recovery key has another length");
    }
    return new CertifiedRecoveryKey(
        Bytes32.of(stored.getPublicKey().toByteArray()), stored.getSignature());
  }
}
