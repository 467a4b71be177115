package io.holdfast.coordinator.testkit;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.browse.HostNames;
import java.util.List;

/** The names of some test hosts. */
public record TestHostNames(List<TestHost> hosts) implements HostNames {
  @Override
  public HostId find(String text) {
    return hosts.stream()
        .filter(host -> host.name().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new HoldfastException(ErrorCode.HOST_NOT_FOUND, "no host is called " + text))
        .id();
  }

  @Override
  public String name(HostId host) {
    return hosts.stream()
        .filter(known -> known.id().equals(host))
        .map(TestHost::name)
        .findFirst()
        .orElse(host.toString());
  }
}
