package io.holdfast.deploy.hostile;

import com.github.luben.zstd.Zstd;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.sealing.ChunkKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sealed chunk by the letter of the format, whose compressed body holds far more zeros than it
 * says. Made without any of the product's code, which would refuse.
 */
final class Bomb {
  private static final int HEADER_BYTES = 32;
  private static final int TAG_BYTES = 16;
  private static final int BLOWN_UP_BYTES = 64 << 20;

  private Bomb() {}

  static byte[] sealed(RepositoryId repository, ChunkKey chunk, int pretendedLength) {
    byte[] body = Zstd.compress(new byte[BLOWN_UP_BYTES], 1);
    byte[] header = new byte[HEADER_BYTES];
    ByteBuffer.wrap(header)
        .put((byte) 1)
        .put((byte) chunk.kind().number())
        .put((byte) 1)
        .put((byte) 0)
        .putInt(1)
        .putInt(pretendedLength)
        .putInt(body.length)
        .putInt(0);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(sealingKey(chunk), "AES"),
          new GCMParameterSpec(8 * TAG_BYTES, Arrays.copyOfRange(header, 20, HEADER_BYTES)));
      cipher.updateAAD("holdfast v1 chunk".getBytes(StandardCharsets.US_ASCII));
      cipher.updateAAD(repository.toByteArray());
      cipher.updateAAD(chunk.id().toByteArray());
      cipher.updateAAD(header);
      byte[] sealed = Arrays.copyOf(header, HEADER_BYTES + body.length + TAG_BYTES);
      cipher.doFinal(body, 0, body.length, sealed, HEADER_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** HKDF-Expand(K, "holdfast v1 seal", 32): one block. */
  private static byte[] sealingKey(ChunkKey chunk) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(chunk.k().toByteArray(), "HmacSHA256"));
    mac.update("holdfast v1 seal".getBytes(StandardCharsets.US_ASCII));
    mac.update((byte) 1);
    return mac.doFinal();
  }
}
