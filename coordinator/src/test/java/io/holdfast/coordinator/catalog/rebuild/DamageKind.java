package io.holdfast.coordinator.catalog.rebuild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What may have happened to a file or an object. */
enum DamageKind {
  DELETE,
  TRUNCATE,
  FLIP,
  EMPTY;

  /** The bytes that are left; none if it is gone. */
  Optional<byte[]> damage(byte[] bytes) {
    return switch (this) {
      case DELETE -> Optional.empty();
      case TRUNCATE -> Optional.of(Arrays.copyOf(bytes, bytes.length / 2));
      case FLIP -> Optional.of(flip(bytes));
      case EMPTY -> Optional.of(new byte[0]);
    };
  }

  void damage(Path file) throws IOException {
    Optional<byte[]> left = damage(Files.readAllBytes(file));
    if (left.isPresent()) {
      Files.write(file, left.get());
    } else {
      Files.delete(file);
    }
  }

  void damage(MemoryObjects objects, String name) {
    damage(objects.get(name))
        .ifPresentOrElse(bytes -> objects.put(name, bytes), () -> objects.remove(name));
  }

  private static byte[] flip(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[flipped.length / 3] ^= 0x10;
    return flipped;
  }
}
