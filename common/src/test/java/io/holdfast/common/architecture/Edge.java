package io.holdfast.common.architecture;

/**
 * One line of a module's table: the package {@code from} may use the package {@code to}, because.
 * Either may be {@link #ANY}; packages that don't exist yet may be listed.
 */
public record Edge(String from, String to, String reason) {
  public static final String ANY = "*";

  public Edge {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(from + " -> " + to + " is listed without a reason");
    }
  }

  public static Edge edge(String from, String to, String reason) {
    return new Edge(from, to, reason);
  }

  boolean allows(String user, String used) {
    return matches(from, user) && matches(to, used);
  }

  private static boolean matches(String pattern, String name) {
    return pattern.equals(ANY) || pattern.equals(name);
  }
}
