package io.holdfast.coordinator.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine is called on the network. */
final class LocalName {
  private LocalName() {}

  static String get() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
