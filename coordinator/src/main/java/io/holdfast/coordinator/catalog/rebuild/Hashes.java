package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** SHA-256 of files, in constant memory. */
final class Hashes {
  private static final int BUFFER_BYTES = 64 << 10;

  private Hashes() {}

  static Bytes32 of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return copy(in, OutputStream.nullOutputStream(), Long.MAX_VALUE);
    } catch (IOException e) {
      throw Directories.failed("reading " + file, e);
    }
  }

  /**
   * Copies {@code in} to its end, or to just beyond {@code bytesMax}: who expects that many sees by
   * the hash that there was more.
   */
  static Bytes32 copy(InputStream in, OutputStream out, long bytesMax) throws IOException {
    MessageDigest digest = Digests.newSha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.update(buffer, 0, n);
      out.write(buffer, 0, n);
      copied += n;
      if (copied > bytesMax) {
        break;
      }
    }
    return Bytes32.of(digest.digest());
  }
}
