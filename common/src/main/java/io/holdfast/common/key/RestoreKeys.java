package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.Randomness;
import java.util.List;

/**
 * What a host needs to read one snapshot of another host of a private repository: sealed to its
 * encryption key by whoever has the recovery passphrase, and carried to it by coordinators that
 * can't open it. It opens that snapshot, and lets guesses at the other host's content be tested.
 *
 * @param rootKey the root's K
 * @param generations those of the host whose snapshot it is
 */
public record RestoreKeys(Bytes32 rootKey, KeyGenerations generations) implements AutoCloseable {
  /** Of the sealed form. */
  public static final int BYTES_MAX = 64 << 10;

  private static final String WHAT = "the sealed keys of the restore";
  private static final byte[] INFO = Hkdf.ascii("holdfast v1 restore keys");

  /** Sealed for {@code reader} and for {@code snapshot} alone. */
  public byte[] seal(
      RepositoryId repository,
      SnapshotId snapshot,
      HostId reader,
      Bytes32 readerKey,
      Randomness randomness) {
    byte[] plain =
        io.holdfast.proto.stored.v1.RestoreKeys.newBuilder()
            .setVersion(StoredKeys.VERSION)
            .setRootKey(ByteString.copyFrom(rootKey.toByteArray()))
            .addAllGenerations(generations.toProto())
            .build()
            .toByteArray();
    try (Secret secret = Secret.take(plain)) {
      byte[] aad = aad(repository, snapshot, reader);
      return SealedBox.seal(readerKey, INFO, aad, secret.open(), randomness);
    }
  }

  /** Opens what {@link #seal} made; MALFORMED if it is for another host, snapshot or key. */
  public static RestoreKeys open(
      RepositoryId repository,
      SnapshotId snapshot,
      HostId reader,
      HostKeyPair readerKey,
      byte[] sealed) {
    try (Secret plain =
        SealedBox.open(readerKey, INFO, aad(repository, snapshot, reader), sealed)) {
      var stored =
          StoredKeys.parse(
              WHAT, () -> io.holdfast.proto.stored.v1.RestoreKeys.parseFrom(plain.open()));
      StoredKeys.checkVersion(WHAT, stored.getVersion());
      if (stored.getRootKey().size() != Bytes32.LENGTH) {
        throw StoredKeys.malformed(WHAT, "the root's key does not have 32 bytes");
      }
      return new RestoreKeys(
          Bytes32.of(stored.getRootKey().toByteArray()),
          KeyGenerations.ofProto(stored.getGenerationsList()));
    }
  }

  private static byte[] aad(RepositoryId repository, SnapshotId snapshot, HostId reader) {
    return Hkdf.join(
        List.of(repository.toByteArray(), snapshot.toByteArray(), reader.toByteArray()));
  }

  @Override
  public void close() {
    generations.close();
  }

  @Override
  public String toString() {
    return "RestoreKeys[hidden]";
  }
}
