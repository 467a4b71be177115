package io.holdfast.deploy.output;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names as they may be printed. A file name is bytes that anybody on the host chose: control
 * characters (a terminal obeys them), characters that reorder text, backslashes and bytes that
 * aren't UTF-8 print as {@code \xNN} (bytes) or {@code \\}, so that what is shown is one line,
 * unambiguous, and reads back by {@link #unescape}.
 */
public final class SafeText {
  private static final HexFormat HEX = HexFormat.of();

  private SafeText() {}

  /** {@code name} with what may not be printed escaped. */
  public static String of(ByteString name) {
    StringBuilder out = new StringBuilder(name.size());
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(name.toByteArray());
    CharBuffer chars = CharBuffer.allocate(name.size() + 1);
    while (true) {
      var result = decoder.decode(in, chars, true);
      chars.flip();
      chars.codePoints().forEach(character -> append(out, character));
      chars.clear();
      if (!result.isError()) {
        return out.toString();
      }
      for (int bad = 0; bad < result.length(); bad++) {
        appendByte(out, in.get());
      }
      decoder.reset();
    }
  }

  /** As {@link #of(ByteString)}, for text from elsewhere: host names, labels, messages. */
  public static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(character -> append(out, character));
    return out.toString();
  }

  private static void append(StringBuilder out, int character) {
    if (character == '\\') {
      out.append("\\\\");
    } else if (isPrintable(character)) {
      out.appendCodePoint(character);
    } else {
      for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
        appendByte(out, each);
      }
    }
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static void appendByte(StringBuilder out, byte each) {
    out.append("\\x").append(HEX.toHexDigits(each));
  }

  /**
   * The bytes that {@link #of(ByteString)} printed as {@code text}; INVALID_ARGUMENT if it can't
   * have.
   */
  public static ByteString unescape(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.length()) {
      int backslash = text.indexOf('\\', at);
      int end = backslash < 0 ? text.length() : backslash;
      out.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
      at = end == text.length() ? end : unescapeOne(text, end, out);
    }
    return ByteString.copyFrom(out.toByteArray());
  }

  private static int unescapeOne(String text, int at, ByteArrayOutputStream out) {
    if (text.startsWith("\\\\", at)) {
      out.write('\\');
      return at + 2;
    }
    if (text.startsWith("\\x", at) && at + 4 <= text.length() && isHex(text, at + 2)) {
      out.write(HexFormat.fromHexDigits(text, at + 2, at + 4));
      return at + 4;
    }
    throw new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "\"" + text + "\" has a backslash that begins neither \\\\ nor \\xNN: write it as \\\\");
  }

  private static boolean isHex(String text, int at) {
    return HexFormat.isHexDigit(text.charAt(at)) && HexFormat.isHexDigit(text.charAt(at + 1));
  }
}
