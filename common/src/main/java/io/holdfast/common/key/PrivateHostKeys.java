package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * All keys by which a host of a private repository can be restored without it. The host makes them
 * and seals them, before its first commit, to the repository's recovery key; the object in the
 * vault is the only copy that isn't on the host. Its frame, integers big-endian:
 *
 * <pre>
 *  0  4  magic HFPH
 *  4  2  version, 1
 *  6  2  zero
 *  8  4  n: bytes of the box, at most 64 KiB
 * 12  n  HPKE box (see SealedBox) of the message PrivateHostKeys
 * ..  4  CRC-32C of all bytes before
 * </pre>
 *
 * @param generations the host's own
 * @param recoveryKey opens its roots
 */
public record PrivateHostKeys(HostId host, KeyGenerations generations, HostKeyPair recoveryKey)
    implements AutoCloseable {
  /** Of the whole object. */
  public static final int BYTES_MAX = (64 << 10) + 16;

  private static final byte[] INFO = Hkdf.ascii("holdfast v1 host keys");
  private static final int MAGIC = 0x48465048;
  private static final int VERSION = 1;
  private static final int BOX_AT = 12;
  private static final int CRC_BYTES = 4;

  /** New keys of {@code host}. */
  public static PrivateHostKeys generate(HostId host, Randomness randomness) {
    return new PrivateHostKeys(
        host, KeyGenerations.generate(randomness), HostKeyPair.generate(randomness));
  }

  /** What the host itself keeps: everything but the recovery key's private half. */
  public KeyGrant grant(RepositoryId repository, Bytes32 repositoryRecoveryKey) {
    return new KeyGrant(
        repository,
        generations,
        recoveryKey.publicKey(),
        java.util.Optional.of(repositoryRecoveryKey));
  }

  /** Bytes of {@link KeyObject#sealedHostKeys}; MALFORMED for a public key that isn't one. */
  public byte[] seal(RepositoryId repository, Bytes32 repositoryRecovery, Randomness randomness) {
    byte[] plain =
        io.holdfast.proto.stored.v1.PrivateHostKeys.newBuilder()
            .setVersion(StoredKeys.VERSION)
            .setHostId(ByteString.copyFrom(host.toByteArray()))
            .addAllGenerations(generations.toProto())
            .setPrivateKey(ByteString.copyFrom(recoveryKey.privateKey().open()))
            .build()
            .toByteArray();
    try (Secret secret = Secret.take(plain)) {
      byte[] box =
          SealedBox.seal(
              repositoryRecovery, INFO, aad(repository, host), secret.open(), randomness);
      return frame(box);
    }
  }

  private static byte[] frame(byte[] box) {
    ByteBuffer out = ByteBuffer.allocate(BOX_AT + box.length + CRC_BYTES);
    out.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0).putInt(box.length).put(box);
    return out.putInt(crc(out.array(), BOX_AT + box.length)).array();
  }

  /**
   * Throws MALFORMED or UNKNOWN_VERSION unless {@code sealed} has the right form; opens nothing.
   */
  public static void requireSound(KeyObject object, byte[] sealed) {
    var _ = box(object, sealed);
  }

  /** As the other, for messages about the object under the first master key's number. */
  public static PrivateHostKeys open(
      RepositoryId repository, HostId host, byte[] sealed, HostKeyPair repositoryRecovery) {
    return open(KeyObject.sealedHostKeys(repository, host), host, sealed, repositoryRecovery);
  }

  /**
   * Opens what {@link #seal} made, with the private half that it was sealed to; MALFORMED if it was
   * changed, is another host's or was sealed to another key, UNKNOWN_VERSION.
   */
  public static PrivateHostKeys open(
      KeyObject object, HostId host, byte[] sealed, HostKeyPair repositoryRecovery) {
    byte[] box = box(object, sealed);
    try (Secret plain = openBox(object, repositoryRecovery, aad(object.repository(), host), box)) {
      var stored =
          StoredKeys.parse(
              object.name(),
              () -> io.holdfast.proto.stored.v1.PrivateHostKeys.parseFrom(plain.open()));
      StoredKeys.checkVersion(object.name(), stored.getVersion());
      if (!HostId.of(StoredKeys.id(object.name(), stored.getHostId())).equals(host)) {
        throw StoredKeys.malformed(object.name(), "it holds another host's keys");
      }
      return new PrivateHostKeys(
          host,
          KeyGenerations.ofProto(stored.getGenerationsList()),
          HostKeyPair.of(Secret.take(stored.getPrivateKey().toByteArray())));
    }
  }

  private static Secret openBox(
      KeyObject object, HostKeyPair repositoryRecovery, byte[] aad, byte[] box) {
    try {
      return SealedBox.open(repositoryRecovery, INFO, aad, box);
    } catch (HoldfastException e) {
      throw new HoldfastException(
          e.code(),
          object.name()
              + " does not open with the repository's recovery key: the host sealed something else"
              + " in it, or it was replaced; what that host stored is readable on the host alone ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private static byte[] box(KeyObject object, byte[] sealed) {
    if (sealed.length < 8 || ByteBuffer.wrap(sealed).getInt(0) != MAGIC) {
      throw damaged(object, "it does not begin as a private host's sealed keys");
    }
    ByteBuffer in = ByteBuffer.wrap(sealed, 4, sealed.length - 4);
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          object.name()
              + " holds a host's sealed keys of version "
              + version
              + "; this release reads version "
              + VERSION
              + ": use the release that wrote it, or a later one");
    }
    boolean fits =
        sealed.length <= BYTES_MAX
            && sealed.length >= BOX_AT + SealedBox.OVERHEAD_BYTES + CRC_BYTES
            && in.getShort() == 0
            && in.getInt() == sealed.length - BOX_AT - CRC_BYTES;
    if (!fits) {
      throw damaged(object, "its length is not the one it claims");
    }
    int covered = sealed.length - CRC_BYTES;
    if (ByteBuffer.wrap(sealed).getInt(covered) != crc(sealed, covered)) {
      throw damaged(object, "its checksum does not match");
    }
    return java.util.Arrays.copyOfRange(sealed, BOX_AT, covered);
  }

  private static byte[] aad(RepositoryId repository, HostId host) {
    return Hkdf.join(List.of(repository.toByteArray(), host.toByteArray()));
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static HoldfastException damaged(KeyObject object, String cause) {
    return StoredKeys.malformed(
        object.name() + " of repository " + object.repository(),
        cause + "; take it from another copy of the vault");
  }

  @Override
  public void close() {
    generations.close();
    recoveryKey.close();
  }
}
