package io.holdfast.common.key;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Files that version 1 wrote and every later release must read, under {@code golden/v1}. */
final class Golden {
  private Golden() {}

  static byte[] read(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/v1/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
