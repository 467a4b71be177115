package io.holdfast.common.entry;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes of a name as text that a terminal or a log can show: valid UTF-8 stays, everything that
 * could steer a terminal or isn't UTF-8 becomes {@code \xNN}. One way only; never parsed back.
 */
final class PrintableText {
  private PrintableText() {}

  static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      boolean malformed = decoder.decode(in, out, true).isError();
      out.flip();
      appendPrintable(text, out);
      out.clear();
      if (!malformed) {
        return text.toString();
      }
      appendHex(text, in.get());
      decoder.reset();
    }
  }

  private static void appendPrintable(StringBuilder text, CharBuffer chars) {
    String decoded = chars.toString();
    decoded.codePoints().forEach(point -> appendPrintable(text, point));
  }

  private static void appendPrintable(StringBuilder text, int point) {
    if (steers(point)) {
      for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
        appendHex(text, b);
      }
    } else {
      text.appendCodePoint(point);
    }
  }

  private static boolean steers(int point) {
    int type = Character.getType(point);
    return point == '\\'
        || type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static void appendHex(StringBuilder text, byte b) {
    text.append("\\x").append(HexFormat.of().toHexDigits(b));
  }
}
