package io.holdfast.common.chunking;

import io.holdfast.common.id.Bytes32;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes the content tag of one small file after another: the first 8 bytes of HMAC-SHA-256 under
 * the repository's tag key. Makes no garbage. One owner: it holds the state of a MAC.
 */
public final class ContentTagger {
  private final Mac mac;
  private final byte[] full;

  public ContentTagger(Bytes32 tagKey) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(tagKey.toByteArray(), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
    full = new byte[mac.getMacLength()];
  }

  /** The tag of the content in {@code length} bytes from {@code offset}. */
  public long tag(byte[] content, int offset, int length) {
    mac.update(content, offset, length);
    try {
      mac.doFinal(full, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("32 bytes hold an HMAC-SHA-256", e);
    }
    return ByteBuffer.wrap(full).getLong();
  }
}
