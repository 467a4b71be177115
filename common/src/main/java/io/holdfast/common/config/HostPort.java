package io.holdfast.common.config;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/**
 * Where to connect or listen.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535; 0 asks the system for a free one when listening
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65_535;

  /**
   * Parses {@code host:port} or {@code [ipv6]:port}. INVALID_ARGUMENT if either part is missing or
   * isn't one.
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw invalid(text);
    }
    return new HostPort(host(text, text.substring(0, colon)), port(text, colon));
  }

  private static String host(String text, String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean misplaced = bare.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '[' || c == ']');
    if (bare.isEmpty() || misplaced || bracketed != bare.contains(":")) {
      throw invalid(text);
    }
    return bare;
  }

  private static int port(String text, int colon) {
    String digits = text.substring(colon + 1);
    if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
      throw invalid(text);
    }
    return Integer.parseInt(digits);
  }

  private static HoldfastException invalid(String text) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "\""
            + text
            + "\" isn't host:port: write a name or address and a port up to 65535, such as"
            + " backup1:7443 or [2001:db8::1]:7443");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
