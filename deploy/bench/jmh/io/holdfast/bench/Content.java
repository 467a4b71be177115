package io.holdfast.bench;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.sealing.ChunkKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Bytes to work on and keys to do it under, the same in every run. */
public final class Content {
  private static final int WORDS = 20_000;
  private static final long SEED = 20_261_129;

  private Content() {}

  /** The keys of a repository whose secrets are zeros. */
  public static ChunkKeys keys() {
    return ChunkKeys.derive(RepositoryId.of(new byte[16]), 1, Bytes32.ZERO, Bytes32.ZERO);
  }

  /** Content by the name that benchmarks give it: text, or noise. */
  static byte[] of(String name, int length) {
    return switch (name) {
      case "text" -> text(length);
      case "noise" -> noise(length);
      default -> throw new IllegalArgumentException("no content is named " + name);
    };
  }

  /** Nothing that compresses. */
  public static byte[] noise(int length) {
    byte[] out = new byte[length];
    new SplittableRandom(SEED).nextBytes(out);
    return out;
  }

  /** Lines of words, few of them common and most rare, and of numbers, as logs and sources have. */
  static byte[] text(int length) {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[][] words = new byte[WORDS][];
    Arrays.setAll(words, i -> word(random));
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
    while (out.size() < length) {
      double skewed = Math.pow(random.nextDouble(), 3);
      out.writeBytes(words[(int) (WORDS * skewed)]);
      if (random.nextInt(12) == 0) {
        out.writeBytes(
            Integer.toString(random.nextInt(100_000)).getBytes(StandardCharsets.US_ASCII));
      }
      out.write(random.nextInt(10) == 0 ? '\n' : ' ');
    }
    return Arrays.copyOf(out.toByteArray(), length);
  }

  private static byte[] word(SplittableRandom random) {
    byte[] word = new byte[random.nextInt(2, 12)];
    for (int i = 0; i < word.length; i++) {
      word[i] = (byte) random.nextInt('a', 'z' + 1);
    }
    return word;
  }
}
