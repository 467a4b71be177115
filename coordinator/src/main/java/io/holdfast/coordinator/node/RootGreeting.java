package io.holdfast.coordinator.node;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.key.RootChange;
import io.holdfast.proto.wire.v1.FleetRoot;
import io.holdfast.proto.wire.v1.Hello;
import java.util.List;

/** Hosts say which roots they have, and are told which there are, when they connect. */
record RootGreeting(RootChange change) implements Jobs.Greeting {
  @Override
  public void said(HostId host, Hello hello) throws InterruptedException {
    change.said(host, hello);
  }

  @Override
  public List<FleetRoot> roots() {
    return change.wire();
  }
}
