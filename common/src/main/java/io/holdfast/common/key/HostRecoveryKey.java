package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;

/**
 * The key pair by which the fleet can open a host's snapshots without the host. Its private half is
 * an object of its own, so that erasing one host destroys one object.
 *
 * @param host the host whose roots it opens
 * @param keyPair closed together with this
 */
public record HostRecoveryKey(HostId host, HostKeyPair keyPair) implements AutoCloseable {

  public static HostRecoveryKey generate(HostId host, Randomness randomness) {
    return new HostRecoveryKey(host, HostKeyPair.generate(randomness));
  }

  /** As the other, under the first master key. */
  public byte[] seal(RepositoryId repository, MasterKey master, Randomness randomness) {
    return seal(repository, new MasterInUse.Numbered(master, 1), randomness);
  }

  /** Bytes of {@link MasterInUse.Numbered#hostRecovery}. */
  public byte[] seal(RepositoryId repository, MasterInUse.Numbered master, Randomness randomness) {
    byte[] plain =
        io.holdfast.proto.stored.v1.HostRecoveryKey.newBuilder()
            .setVersion(StoredKeys.VERSION)
            .setHostId(ByteString.copyFrom(host.toByteArray()))
            .setPrivateKey(ByteString.copyFrom(keyPair.privateKey().open()))
            .build()
            .toByteArray();
    try (Secret secret = Secret.take(plain)) {
      return master.key().seal(master.hostRecovery(repository, host), secret, randomness);
    }
  }

  /** As the other, under the first master key. */
  public static HostRecoveryKey open(
      RepositoryId repository, HostId host, byte[] sealed, MasterKey master) {
    return open(repository, host, sealed, new MasterInUse.Numbered(master, 1));
  }

  /** Opens what {@link #seal} made; errors of {@link Wrap}, MALFORMED for another host's key. */
  public static HostRecoveryKey open(
      RepositoryId repository, HostId host, byte[] sealed, MasterInUse.Numbered master) {
    KeyObject object = master.hostRecovery(repository, host);
    try (Secret plain = master.key().open(object, sealed)) {
      io.holdfast.proto.stored.v1.HostRecoveryKey stored =
          StoredKeys.parse(
              object.name(),
              () -> io.holdfast.proto.stored.v1.HostRecoveryKey.parseFrom(plain.open()));
      StoredKeys.checkVersion(object.name(), stored.getVersion());
      if (!HostId.of(StoredKeys.id(object.name(), stored.getHostId())).equals(host)) {
        throw StoredKeys.malformed(object.name(), "it holds another host's key");
      }
      return new HostRecoveryKey(
          host, HostKeyPair.of(Secret.take(stored.getPrivateKey().toByteArray())));
    }
  }

  @Override
  public void close() {
    keyPair.close();
  }
}
