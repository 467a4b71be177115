package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.FleetRoot;
import io.holdfast.proto.wire.v1.Hello;
import java.util.List;

/** What this host knows of the fleet's roots. Any thread. */
public interface RootMemory {
  /** Knows nothing, says nothing. */
  RootMemory NONE =
      new RootMemory() {
        @Override
        public void say(Hello.Builder hello) {}

        @Override
        public void learn(List<FleetRoot> roots) {}
      };

  /** Adds what this host keeps to its hello. */
  void say(Hello.Builder hello);

  /**
   * A coordinator names the roots that the fleet believes, the newest last; remembered durably.
   * CERTIFICATE_INVALID if the ones known here don't lead there: the stream goes on, since what is
   * known stays as it is.
   */
  void learn(List<FleetRoot> roots);
}
