package io.holdfast.agent.posix;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** File names and paths as the kernel has them: bytes without NUL, in no particular encoding. */
public final class Names {
  /** Longest name of one component on Linux. */
  public static final int COMPONENT_BYTES_MAX = 255;

  private Names() {}

  /** The bytes of a name written in a program or a configuration file. */
  public static byte[] of(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** Order of siblings in a snapshot: unsigned bytes. */
  public static int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right);
  }

  /**
   * Order of entries in a snapshot: component by component as unsigned bytes, a directory before
   * what is in it. Equal to comparing the bytes with {@code /} below every other value.
   */
  public static int comparePaths(byte[] left, byte[] right) {
    int at = Arrays.mismatch(left, right);
    if (at < 0) {
      return 0;
    }
    if (at == left.length || at == right.length) {
      return Integer.compare(left.length, right.length);
    }
    return Integer.compare(rank(left[at]), rank(right[at]));
  }

  private static int rank(byte b) {
    return b == '/' ? -1 : b & 0xff;
  }

  /** Whether this may be one component of a path: not empty, {@code .}, {@code ..} or too long. */
  public static boolean isComponent(byte[] path, int from, int to) {
    int length = to - from;
    if (length < 1 || length > COMPONENT_BYTES_MAX || isDots(path, from, length)) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (path[i] == 0 || path[i] == '/') {
        return false;
      }
    }
    return true;
  }

  private static boolean isDots(byte[] path, int from, int length) {
    return length <= 2 && path[from] == '.' && (length == 1 || path[from + 1] == '.');
  }

  /**
   * A form for people: text as it is if it is valid UTF-8 without control characters, otherwise
   * with every other byte as {@code \xNN} (and a backslash doubled), so that no name can forge a
   * line of a log.
   */
  public static String display(byte[] name) {
    String text = decode(name);
    if (text != null && text.codePoints().noneMatch(Names::needsEscape)) {
      return text;
    }
    StringBuilder out = new StringBuilder(name.length * 2);
    for (byte b : name) {
      appendByte(out, b);
    }
    return out.toString();
  }

  private static String decode(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean needsEscape(int codePoint) {
    return codePoint == '\\'
        || Character.isISOControl(codePoint)
        || Character.getType(codePoint) == Character.FORMAT;
  }

  private static void appendByte(StringBuilder out, byte b) {
    if (b == '\\') {
      out.append("\\\\");
    } else if (b >= 0x20 && b < 0x7f) {
      out.append((char) b);
    } else {
      out.append("\\x").append(HexFormat.of().toHexDigits(b));
    }
  }
}
