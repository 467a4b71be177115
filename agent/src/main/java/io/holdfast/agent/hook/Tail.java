package io.holdfast.agent.hook;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The end of what a program printed, within {@link #BYTES_MAX}. One thread. */
final class Tail {
  static final int BYTES_MAX = 4_096;
  private static final int LINES_MAX = 40;

  private final byte[] ring = new byte[BYTES_MAX];
  private long total;

  void add(byte[] bytes, int length) {
    int from = Math.max(0, length - BYTES_MAX);
    for (int i = from; i < length; i++) {
      ring[(int) ((total + i) % BYTES_MAX)] = bytes[i];
    }
    total += length;
  }

  /** As text for people: whole lines, without characters that would draw on a terminal. */
  String text() {
    String text = new String(bytes(), StandardCharsets.UTF_8);
    if (total > BYTES_MAX) {
      text = text.substring(text.indexOf('\n') + 1);
    }
    String[] lines = text.strip().split("\n", -1);
    String last =
        String.join(
            "\n", Arrays.copyOfRange(lines, Math.max(0, lines.length - LINES_MAX), lines.length));
    return plain(last);
  }

  private byte[] bytes() {
    int length = (int) Math.min(total, BYTES_MAX);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((total - length + i) % BYTES_MAX)];
    }
    return bytes;
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> point != '\n' && Character.isISOControl(point) ? ' ' : point)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }
}
