package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import java.util.Optional;

/**
 * What an agent receives at enrolment in shared mode: enough to make chunks that deduplicate with
 * other hosts' and to open its own, nothing that opens anybody else's. A host of a private
 * repository makes its own.
 *
 * @param repository the repository to back up into
 * @param generations the id roots and gear secrets
 * @param recoveryPublicKey X25519 public key to which the agent seals each root's K
 * @param repositoryRecoveryKey in a private repository the X25519 public key to which the host
 *     sealed all of this
 */
public record KeyGrant(
    RepositoryId repository,
    KeyGenerations generations,
    Bytes32 recoveryPublicKey,
    Optional<Bytes32> repositoryRecoveryKey)
    implements AutoCloseable {
  private static final String WHAT = "the key grant";

  /** Of a shared repository. */
  public KeyGrant(RepositoryId repository, KeyGenerations generations, Bytes32 recoveryPublicKey) {
    this(repository, generations, recoveryPublicKey, Optional.empty());
  }

  /** Whether the host made these keys itself, and keeps them to itself. */
  public boolean isPrivate() {
    return repositoryRecoveryKey.isPresent();
  }

  /** Bytes in clear: only inside TLS, or in a {@link SecretFile} on the host. */
  public Secret encode() {
    io.holdfast.proto.stored.v1.KeyGrant.Builder stored =
        io.holdfast.proto.stored.v1.KeyGrant.newBuilder()
            .setVersion(StoredKeys.VERSION)
            .setRepositoryId(ByteString.copyFrom(repository.toByteArray()))
            .addAllGenerations(generations.toProto())
            .setRecoveryPublicKey(ByteString.copyFrom(recoveryPublicKey.toByteArray()));
    repositoryRecoveryKey.ifPresent(
        key -> stored.setRepositoryRecoveryKey(ByteString.copyFrom(key.toByteArray())));
    return Secret.take(stored.build().toByteArray());
  }

  /** MALFORMED or UNKNOWN_VERSION if {@code bytes} aren't what {@link #encode} makes. */
  public static KeyGrant parse(byte[] bytes) {
    io.holdfast.proto.stored.v1.KeyGrant stored =
        StoredKeys.parse(WHAT, () -> io.holdfast.proto.stored.v1.KeyGrant.parseFrom(bytes));
    StoredKeys.checkVersion(WHAT, stored.getVersion());
    if (stored.getRecoveryPublicKey().size() != Bytes32.LENGTH) {
      throw StoredKeys.malformed(WHAT, "its recovery public key does not have 32 bytes");
    }
    ByteString made = stored.getRepositoryRecoveryKey();
    if (!made.isEmpty() && made.size() != Bytes32.LENGTH) {
      throw StoredKeys.malformed(WHAT, "its repository's recovery key does not have 32 bytes");
    }
    return new KeyGrant(
        RepositoryId.of(StoredKeys.id(WHAT, stored.getRepositoryId())),
        KeyGenerations.ofProto(stored.getGenerationsList()),
        Bytes32.of(stored.getRecoveryPublicKey().toByteArray()),
        made.isEmpty() ? Optional.empty() : Optional.of(Bytes32.of(made.toByteArray())));
  }

  @Override
  public void close() {
    generations.close();
  }
}
