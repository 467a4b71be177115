package io.holdfast.coordinator.node;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.browse.HostNames;
import io.holdfast.coordinator.fleet.HostDirectory;

/** The fleet's names for browsing. */
record DirectoryNames(HostDirectory hosts) implements HostNames {
  @Override
  public HostId find(String text) {
    return hosts.find(text).id();
  }

  @Override
  public String name(HostId host) {
    return hosts.get(host).name();
  }
}
