package io.holdfast.coordinator.alarm;

/**
 * Whom an alarm is about; empty texts where it is about nobody in particular.
 *
 * @param host id, 32 digits
 * @param hostName for people
 * @param policy its name, and its data class behind a slash unless it has only one
 */
public record Affected(String host, String hostName, String policy) {
  public static final Affected NONE = new Affected("", "", "");

  public static Affected host(String id, String name) {
    return new Affected(id, name, "");
  }
}
