package io.holdfast.coordinator.vault;

/**
 * What the names of a listing begin with: whole components ending in a slash, or nothing at all.
 */
public record ObjectPrefix(String value) {
  /** Every object of the vault. */
  public static final ObjectPrefix ALL = new ObjectPrefix("");

  /**
   * @throws IllegalArgumentException if the value is neither empty nor a name followed by a slash
   */
  public ObjectPrefix {
    boolean valid =
        value.isEmpty()
            || (value.endsWith("/") && ObjectName.isValid(value.substring(0, value.length() - 1)));
    if (!valid) {
      throw new IllegalArgumentException("not an object prefix: '" + value + "'");
    }
  }

  public static ObjectPrefix of(String value) {
    return new ObjectPrefix(value);
  }

  public boolean contains(ObjectName name) {
    return name.value().startsWith(value);
  }

  /** The name that continues this prefix. */
  public ObjectName name(String rest) {
    return ObjectName.of(value + rest);
  }

  @Override
  public String toString() {
    return value;
  }
}
