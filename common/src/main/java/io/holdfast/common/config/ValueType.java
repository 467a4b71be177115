package io.holdfast.common.config;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How one Java type is written in a file.
 *
 * @param described for messages, such as "a duration such as 90s"
 * @param parse throws IllegalArgumentException or HoldfastException for a text that isn't one
 * @param print the form that parses back
 */
record ValueType<T>(
    Class<T> type, String described, Function<String, T> parse, Function<T, String> print) {
  private static final Map<Class<?>, ValueType<?>> KNOWN =
      Map.ofEntries(
          entry(String.class, "text", text -> text, text -> text),
          entry(boolean.class, "true or false", ValueType::parseBoolean, String::valueOf),
          entry(int.class, "a whole number", Integer::valueOf, String::valueOf),
          entry(long.class, "a whole number", Long::valueOf, String::valueOf),
          entry(Duration.class, "a duration", Durations::parse, Durations::exact),
          entry(DataSize.class, "a size", DataSize::parse, DataSize::exact),
          entry(DataRate.class, "a rate", DataRate::parse, DataRate::exact),
          entry(Path.class, "an absolute path", ValueType::parsePath, Path::toString),
          entry(HostPort.class, "host:port", HostPort::parse, HostPort::toString),
          entry(SecretText.class, "a secret", SecretText::new, SecretText::toString));

  private static <T> Map.Entry<Class<?>, ValueType<?>> entry(
      Class<T> type, String described, Function<String, T> parse, Function<T, String> print) {
    return Map.entry(type, new ValueType<>(type, described, parse, print));
  }

  /** The type of values of {@code type}; empty if it isn't one that a scalar can hold. */
  static Optional<ValueType<?>> find(Class<?> type) {
    if (type.isEnum()) {
      return Optional.of(ofEnum(type));
    }
    return Optional.ofNullable(KNOWN.get(type));
  }

  private static ValueType<?> ofEnum(Class<?> type) {
    Map<String, Object> byName =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toMap(ValueType::lowerCase, constant -> constant));
    String described =
        Arrays.stream(type.getEnumConstants())
            .map(ValueType::lowerCase)
            .collect(Collectors.joining(", ", "one of ", ""));
    return new ValueType<>(
        Object.class,
        described,
        text ->
            Optional.ofNullable(byName.get(text))
                .orElseThrow(() -> new IllegalArgumentException(text)),
        ValueType::lowerCase);
  }

  private static String lowerCase(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static Boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Path parsePath(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(text, e);
    }
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(text);
    }
    return path;
  }

  /** The value of {@code text}; IllegalArgumentException saying what was expected. */
  T read(String text) {
    try {
      return parse.apply(text);
    } catch (HoldfastException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected " + described + ", got \"" + text + "\"", e);
    }
  }

  @SuppressWarnings("unchecked") // a value only ever meets the type that read it
  String write(Object value) {
    return print.apply((T) value);
  }

  /** Whether {@code value} is below, in or above the bounds, as their texts; empty: no bound. */
  @SuppressWarnings("unchecked") // every type that has bounds is comparable with itself
  Optional<String> outOfBounds(Object value, String min, String max) {
    Comparable<Object> number = value instanceof Comparable<?> c ? (Comparable<Object>) c : null;
    if (number != null && !min.isEmpty() && number.compareTo(read(min)) < 0) {
      return Optional.of(write(value) + " is below the least allowed, " + min);
    }
    if (number != null && !max.isEmpty() && number.compareTo(read(max)) > 0) {
      return Optional.of(write(value) + " is above the most allowed, " + max);
    }
    return Optional.empty();
  }
}
