package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a coordinator listens.
 *
 * @param host DNS name, IPv4 address, or IPv6 address without brackets
 * @param port 1 to 65,535
 */
public record Endpoint(String host, int port) {
  /** The port that coordinators listen on unless told otherwise. */
  public static final int DEFAULT_PORT = 7443;

  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[(?<six>[0-9A-Fa-f:.]{2,45})\\]|(?<name>[A-Za-z0-9._-]{1,190}))(?::(?<port>\\d{1,5}))?");

  /** INVALID_ARGUMENT for a port that doesn't exist. */
  public Endpoint {
    if (port < 1 || port > 65_535) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Parses {@code host}, {@code host:port}, {@code [IPv6]} or {@code [IPv6]:port}. INVALID_ARGUMENT
   * for anything else.
   */
  public static Endpoint parse(String text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\"" + text + "\" is no address: write host:port, or [IPv6 address]:port");
    }
    String host = match.group("six") == null ? match.group("name") : match.group("six");
    String port = match.group("port");
    return new Endpoint(host, port == null ? DEFAULT_PORT : Integer.parseInt(port));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
