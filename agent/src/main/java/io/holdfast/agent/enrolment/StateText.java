package io.holdfast.agent.enrolment;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * A small file that people may read: a title with the version, lines {@code name value}, and a
 * CRC-32C in hexadecimal over the lines before. Version 1. One thread.
 */
final class StateText {
  private static final int VERSION = 1;
  private static final String CHECKSUM = "checksum";

  private final String title;
  private final List<String> lines = new ArrayList<>();

  StateText(String title) {
    this.title = title;
  }

  StateText add(String name, String value) {
    lines.add(name + " " + value);
    return this;
  }

  String encode() {
    StringBuilder out = new StringBuilder(title).append(' ').append(VERSION).append('\n');
    lines.forEach(line -> out.append(line).append('\n'));
    return out + CHECKSUM + " " + checksum(out.toString()) + "\n";
  }

  /**
   * MALFORMED if {@code encoded} was changed or cut, UNKNOWN_VERSION if another release wrote it.
   */
  static StateText decode(String what, String title, String encoded) {
    int end = encoded.lastIndexOf(CHECKSUM + " ");
    String covered = end < 0 ? "" : encoded.substring(0, end);
    List<String> lines = covered.lines().toList();
    if (!encoded.equals(covered + CHECKSUM + " " + checksum(covered) + "\n") || lines.isEmpty()) {
      throw malformed(what, "its checksum does not match", null);
    }
    if (!lines.getFirst().equals(title + " " + VERSION)) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          what
              + " begins with \""
              + lines.getFirst()
              + "\"; this release reads \""
              + title
              + " "
              + VERSION
              + "\": use the release that wrote it, or a later one");
    }
    StateText text = new StateText(title);
    text.lines.addAll(lines.subList(1, lines.size()));
    return text;
  }

  List<String> all(String name) {
    String start = name + " ";
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }

  String one(String name) {
    List<String> found = all(name);
    if (found.size() != 1) {
      throw new IllegalArgumentException("it has " + found.size() + " lines " + name);
    }
    return found.getFirst();
  }

  /** Turns what a parser throws into MALFORMED of {@code what}. */
  static <T> T parsing(String what, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException | HoldfastException e) {
      throw malformed(what, String.valueOf(e.getMessage()), e);
    }
  }

  private static HoldfastException malformed(String what, String cause, Exception e) {
    return new HoldfastException(
        ErrorCode.MALFORMED, what + " is damaged: " + cause + "; restore it or enrol again", e);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
