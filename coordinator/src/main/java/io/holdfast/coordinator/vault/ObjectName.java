package io.holdfast.coordinator.vault;

import java.util.regex.Pattern;

/**
 * The name of one object: lower-case components of letters, digits, dot, dash and underscore,
 * joined by slashes, such as {@code journal/00000000000000000042}. Valid as a path on every file
 * system and as an S3 key; compares as its ASCII bytes do. Components begin with a letter or digit
 * and hold no two dots in a row; {@code tmp/} and the marker {@code vault.json} belong to the vault
 * itself.
 *
 * <p>No name may be a directory of another: a vault with {@code a} can't hold {@code a/b}.
 */
public record ObjectName(String value) implements Comparable<ObjectName> {
  static final int MAX_LENGTH = 255;
  static final String TEMPORARY = "tmp";
  static final String MARKER = "vault.json";

  private static final String COMPONENT = "[a-z0-9](?:[a-z0-9_-]|\\.(?!\\.)){0,127}";
  private static final Pattern PATTERN = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");

  /**
   * @throws IllegalArgumentException if the value isn't a valid name
   */
  public ObjectName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not an object name: '" + value + "'");
    }
  }

  public static ObjectName of(String value) {
    return new ObjectName(value);
  }

  static boolean isValid(String value) {
    return value.length() <= MAX_LENGTH
        && PATTERN.matcher(value).matches()
        && !value.equals(MARKER)
        && !value.equals(TEMPORARY)
        && !value.startsWith(TEMPORARY + "/");
  }

  @Override
  public int compareTo(ObjectName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
