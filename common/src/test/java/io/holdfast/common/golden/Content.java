package io.holdfast.common.golden;

import java.util.Arrays;
import java.util.Random;

/** Bytes to cut and seal, the same for ever for the same words. */
public final class Content {
  private Content() {}

  /** Content by its name in golden files: random, low or zeros. */
  public static byte[] of(String name, long seed, int length) {
    return switch (name) {
      case "random" -> random(seed, length);
      case "low" -> low(seed, length);
      case "zeros" -> new byte[length];
      default -> throw new AssertionError("no content is named " + name);
    };
  }

  /** A xorshift generator (Marsaglia; shifts 13, 7, 17), 8 bytes big-endian a step. */
  public static byte[] random(long seed, int length) {
    byte[] out = new byte[length];
    long x = seed;
    for (int i = 0; i < length; i++) {
      if (i % 8 == 0) {
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
      }
      out[i] = (byte) (x >>> (56 - i % 8 * 8));
    }
    return out;
  }

  /** Half as many bits: every byte is below 16. */
  public static byte[] low(long seed, int length) {
    byte[] out = random(seed, length);
    for (int i = 0; i < length; i++) {
      out[i] &= 15;
    }
    return out;
  }

  /** A copy with one to eight bytes changed, dropped at the end or added there. */
  public static byte[] mutate(byte[] bytes, Random random) {
    int delta = random.nextInt(4) == 0 ? random.nextInt(-8, 9) : 0;
    byte[] out = Arrays.copyOf(bytes, Math.max(0, bytes.length + delta));
    for (int i = random.nextInt(delta == 0 ? 1 : 0, 9); i > 0 && out.length > 0; i--) {
      int at = random.nextBoolean() ? random.nextInt(Math.min(64, out.length)) : -1;
      int where = at < 0 ? random.nextInt(out.length) : at;
      out[where] = (byte) (random.nextBoolean() ? random.nextInt() : out[where] ^ 1);
    }
    return out;
  }
}
