package io.holdfast.coordinator.metrics;

/**
 * Where figures are served. There is no authentication on them: away from the loopback interface
 * put a firewall or a proxy before the port.
 *
 * @param address to listen on, a name or an IP address
 * @param port 0 for any free one
 */
public record MetricsConfig(String address, int port) {
  public static final int DEFAULT_PORT = 7445;

  public MetricsConfig {
    if (address.isBlank()) {
      throw new IllegalArgumentException("metrics address is empty; give 127.0.0.1, say");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("metrics port " + port + " isn't 0 to 65535");
    }
  }

  /** Loopback only. */
  public static MetricsConfig defaults() {
    return new MetricsConfig("127.0.0.1", DEFAULT_PORT);
  }
}
