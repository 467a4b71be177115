package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A recovery passphrase as UTF-8 bytes, exactly as typed. {@link #close} wipes it; close it as soon
 * as the key it opens is open.
 */
public final class Passphrase implements AutoCloseable {
  /** What a new wrap asks for at least. Opening accepts any length. */
  public static final int NEW_BYTES_MIN = 12;

  private final Secret bytes;

  private Passphrase(Secret bytes) {
    this.bytes = bytes;
  }

  /** Takes {@code typed} over and wipes it. INVALID_ARGUMENT if it is empty. */
  public static Passphrase of(char[] typed) {
    byte[] room = new byte[3 * typed.length];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(typed), encoded, true);
    byte[] exact = Arrays.copyOf(room, encoded.position());
    Arrays.fill(room, (byte) 0);
    Arrays.fill(typed, '\0');
    if (result.isError()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "the passphrase holds half a surrogate pair: retype it");
    }
    return of(exact);
  }

  /** Takes the UTF-8 bytes {@code typed} over. INVALID_ARGUMENT if there are none. */
  public static Passphrase of(byte[] typed) {
    if (typed.length == 0) {
      throw new HoldfastException(ErrorCode.INVALID_ARGUMENT, "the passphrase is empty");
    }
    return new Passphrase(Secret.take(typed));
  }

  /** The content of {@code file} without one trailing line end; errors of {@link SecretFile}. */
  public static Passphrase readFile(Path file) {
    try (Secret content = SecretFile.read(file)) {
      byte[] all = content.open();
      int end = all.length;
      end -= end > 0 && all[end - 1] == '\n' ? 1 : 0;
      end -= end > 0 && end < all.length && all[end - 1] == '\r' ? 1 : 0;
      if (end == 0) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT, "the passphrase file " + file + " is empty");
      }
      return of(Arrays.copyOf(all, end));
    }
  }

  /** A copy of its UTF-8 bytes, wiped by the caller. */
  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  Secret bytes() {
    return bytes;
  }

  @Override
  public void close() {
    bytes.close();
  }

  @Override
  public String toString() {
    return "Passphrase[hidden]";
  }
}
