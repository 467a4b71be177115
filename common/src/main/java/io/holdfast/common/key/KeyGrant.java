package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;

/**
 * What an agent receives at enrolment in shared mode: enough to make chunks that deduplicate with
 * other hosts' and to open its own, nothing that opens anybody else's.
 *
 * @param repository the repository to back up into
 * @param generations the id roots and gear secrets
 * @param recoveryPublicKey X25519 public key to which the agent seals each root's K
 */
public record KeyGrant(
    RepositoryId repository, KeyGenerations generations, Bytes32 recoveryPublicKey)
    implements AutoCloseable {
  private static final String WHAT = "the key grant";

  /** Bytes in clear: only inside TLS, or in a {@link SecretFile} on the host. */
  public Secret encode() {
    return Secret.take(
        io.holdfast.proto.stored.v1.KeyGrant.newBuilder()
            .setVersion(StoredKeys.VERSION)
            .setRepositoryId(ByteString.copyFrom(repository.toByteArray()))
            .addAllGenerations(generations.toProto())
            .setRecoveryPublicKey(ByteString.copyFrom(recoveryPublicKey.toByteArray()))
            .build()
            .toByteArray());
  }

  /** MALFORMED or UNKNOWN_VERSION if {@code bytes} aren't what {@link #encode} makes. */
  public static KeyGrant parse(byte[] bytes) {
    io.holdfast.proto.stored.v1.KeyGrant stored =
        StoredKeys.parse(WHAT, () -> io.holdfast.proto.stored.v1.KeyGrant.parseFrom(bytes));
    StoredKeys.checkVersion(WHAT, stored.getVersion());
    if (stored.getRecoveryPublicKey().size() != Bytes32.LENGTH) {
      throw StoredKeys.malformed(WHAT, "its recovery public key does not have 32 bytes");
    }
    return new KeyGrant(
        RepositoryId.of(StoredKeys.id(WHAT, stored.getRepositoryId())),
        KeyGenerations.ofProto(stored.getGenerationsList()),
        Bytes32.of(stored.getRecoveryPublicKey().toByteArray()));
  }

  @Override
  public void close() {
    generations.close();
  }
}
