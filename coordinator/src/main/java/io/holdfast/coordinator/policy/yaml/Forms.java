package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.match.NamePattern;
import io.holdfast.common.unit.Durations;
import io.holdfast.common.yaml.NearestKey;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the scalars of a policy are read; each throws IllegalArgumentException with what to write.
 */
final class Forms {
  private static final int TEXT_CHARS_MAX = 4_096;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private Forms() {}

  /** Of a policy, a data class or a group. */
  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" isn't a name: write up to 63 small letters, digits, dots and dashes, a letter"
              + " or digit at both ends");
    }
    return text;
  }

  /** Of a file without its directory: a hook, a command, what a stream is called. */
  static String fileName(String text) {
    if (!FILE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" isn't a file's name: write letters, digits, dots, dashes and underscores, no"
              + " path");
    }
    return text;
  }

  static String text(String text) {
    if (text.isBlank() || text.length() > TEXT_CHARS_MAX) {
      throw new IllegalArgumentException(
          "expected a text of 1 to " + TEXT_CHARS_MAX + " characters");
    }
    if (text.codePoints().anyMatch(Forms::isHidden)) {
      throw new IllegalArgumentException("control and formatting characters aren't allowed");
    }
    return text;
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  static String pattern(String text) {
    NamePattern.parse(text(text));
    return text;
  }

  /** An absolute path; one slash at its end is dropped. */
  static String path(String text) {
    String written = text(text);
    boolean slashAtEnd = written.length() > 1 && written.endsWith("/");
    String path = slashAtEnd ? written.substring(0, written.length() - 1) : written;
    if (!path.equals("/") && !isAbsolute(path)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" isn't an absolute path: write it from / on, without . and ..");
    }
    return path;
  }

  private static boolean isAbsolute(String path) {
    return path.startsWith("/")
        && Arrays.stream(path.substring(1).split("/", -1)).noneMatch(Forms::isNoComponent);
  }

  private static boolean isNoComponent(String component) {
    return component.isEmpty() || component.equals(".") || component.equals("..");
  }

  static boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("expected true or false, got \"" + text + "\"");
    };
  }

  static Section.Form<Integer> number(int least, int most) {
    return text -> {
      boolean digits = text.length() < 10 && text.matches("\\d+");
      int number = digits ? Integer.parseInt(text) : -1;
      if (number < least || number > most) {
        throw new IllegalArgumentException(
            "expected a whole number from " + least + " to " + most + ", got \"" + text + "\"");
      }
      return number;
    };
  }

  static Section.Form<Duration> duration(Duration least, Duration most) {
    return text -> {
      Duration duration = Durations.parse(text);
      if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            "\""
                + text
                + "\" isn't from "
                + Durations.exact(least)
                + " to "
                + Durations.exact(most));
      }
      return duration;
    };
  }

  /** A constant in small letters. */
  static <E extends Enum<E>> Section.Form<E> word(Class<E> type) {
    return text ->
        Arrays.stream(type.getEnumConstants())
            .filter(each -> word(each).equals(text))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "expected one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(Forms::word)
                            .collect(Collectors.joining(", "))
                        + ", got \""
                        + text
                        + "\""));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static ZoneId zone(String text) {
    if (!ZoneId.getAvailableZoneIds().contains(text)) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" isn't a time zone"
              + NearestKey.find(text, ZoneId.getAvailableZoneIds())
                  .map(nearest -> "; did you mean " + nearest + "?")
                  .orElse(": write its name, such as Europe/Berlin or UTC"));
    }
    return ZoneId.of(text);
  }
}
