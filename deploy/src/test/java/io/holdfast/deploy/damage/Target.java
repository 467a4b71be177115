package io.holdfast.deploy.damage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes of a file that are to be harmed.
 *
 * @param from first byte
 * @param to behind the last
 * @param whole whether that is all of the file, which then disappears when it is deleted
 */
record Target(Path file, int from, int to, boolean whole) {
  static Target of(Path file) throws IOException {
    return new Target(file, 0, (int) Files.size(file), true);
  }

  static Target range(Path file, int from, int to) {
    return new Target(file, from, to, false);
  }

  byte[] bytes() throws IOException {
    return Arrays.copyOfRange(Files.readAllBytes(file), from, to);
  }

  /**
   * Does harm.
   *
   * @param other what it is exchanged with
   * @param older what stands in its place again
   */
  void harm(Harm harm, Replacement other, Optional<byte[]> older) throws IOException {
    switch (harm) {
      case DELETE -> delete();
      case TRUNCATE -> Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (from + to) / 2));
      case FLIP -> flip();
      case SWAP -> other.exchange(this);
      case REPLAY -> replace(older.orElseThrow());
    }
  }

  private void delete() throws IOException {
    if (whole) {
      Files.delete(file);
    } else {
      replace(new byte[0]);
    }
  }

  private void flip() throws IOException {
    byte[] all = Files.readAllBytes(file);
    all[(from + to) / 2] ^= 0x10;
    Files.write(file, all);
  }

  void replace(byte[] bytes) throws IOException {
    byte[] all = Files.readAllBytes(file);
    byte[] next = Arrays.copyOf(all, all.length - (to - from) + bytes.length);
    System.arraycopy(bytes, 0, next, from, bytes.length);
    System.arraycopy(all, to, next, from + bytes.length, all.length - to);
    Files.write(file, next);
  }

  /** What a target is exchanged with. */
  sealed interface Replacement {
    void exchange(Target target) throws IOException;

    /** Another of its kind in the same fleet, which gets the target's bytes. */
    record Partner(Target partner) implements Replacement {
      @Override
      public void exchange(Target target) throws IOException {
        byte[] bytes = target.bytes();
        target.replace(partner.bytes());
        partner.replace(bytes);
      }
    }

    /** One of another fleet. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Foreign(byte[] bytes) implements Replacement {
      @Override
      public void exchange(Target target) throws IOException {
        target.replace(bytes);
      }
    }
  }
}
