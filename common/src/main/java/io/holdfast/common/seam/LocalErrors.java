package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Tells a full disk from other failures. The JDK hands on the C library's text and no number, and
 * the text follows the machine's language; so besides the known texts, a store with no usable byte
 * left counts as full.
 */
final class LocalErrors {
  /** A call that may fail. */
  interface Call<T> {
    T run() throws IOException;
  }

  private LocalErrors() {}

  static <T> T call(Path path, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      throw isFull(path, e) ? new DiskFullException("no space left for " + path, e) : e;
    }
  }

  static void run(Path path, Call<?> call) throws IOException {
    call(path, call);
  }

  private static boolean isFull(Path path, IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("quota exceeded") || nothingUsable(path);
  }

  private static boolean nothingUsable(Path path) {
    try {
      return Files.getFileStore(path.toAbsolutePath().getParent()).getUsableSpace() == 0;
    } catch (IOException unknown) {
      return false;
    }
  }
}
