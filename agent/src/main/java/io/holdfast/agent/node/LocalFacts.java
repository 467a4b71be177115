package io.holdfast.agent.node;

import io.holdfast.proto.wire.v1.HostFacts;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this host says of itself. */
public final class LocalFacts {
  private LocalFacts() {}

  public static HostFacts of(AgentConfig config) {
    return HostFacts.newBuilder()
        .setVersion(version())
        .setName(config.name().orElseGet(LocalFacts::machineName))
        .setOperatingSystem(System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .setArchitecture(System.getProperty("os.arch"))
        .putAllLabels(config.labels())
        .build();
  }

  /** Of this build; empty for one that was never released. */
  private static String version() {
    String version = LocalFacts.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
