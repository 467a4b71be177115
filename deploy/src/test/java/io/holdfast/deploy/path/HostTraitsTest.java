package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostSorted;
import io.holdfast.proto.wire.v1.LabelHostRequest;
import io.holdfast.proto.wire.v1.TakeHostFactsRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host is enrolled, tells more of itself, and is labelled; and the coordinator is restarted. */
@Timeout(120)
class HostTraitsTest {
  private static final Duration LOOK = Duration.ofMillis(100);

  @TempDir Path directory;

  private static AgentNode agent(Fleet fleet) {
    String text =
        "version: 1\ndata_dir: %s\ncoordinators: [\"%s\"]\nname: not-alpha\nlabels: {role: web}\n"
            .formatted(fleet.root.resolve("agent-alpha"), fleet.endpoint());
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    return AgentNode.start(config, Time.system(), fleet.randomness);
  }

  private static Host host(AdminLink admin) {
    List<Host> hosts = new ArrayList<>();
    admin.hosts(hosts::add);
    return hosts.getFirst();
  }

  @Test
  void factsShouldFollowTheHostAndLabelsThePeople() throws Exception {
    Fleet fleet = Fleet.found(directory.resolve("fleet"));
    fleet.enrol("alpha").close();
    try (AdminLink admin = fleet.admin()) {
      assertEquals("", host(admin).getFacts().getOperatingSystem());
    }
    try (AgentNode _ = agent(fleet)) {
      try (AdminLink admin = fleet.admin()) {
        while (host(admin).getFacts().getOperatingSystem().isEmpty()) {
          Time.system().sleep(LOOK);
        }
        HostSorted labelled =
            admin.labelHost(
                LabelHostRequest.newBuilder().setHost("alpha").putSet("role", "db").build());
        assertEquals(Map.of("role", "db"), labelled.getFacts().getLabelsMap());
      }
      fleet.stop();
      fleet.start();
      try (AdminLink admin = fleet.admin()) {
        while (!host(admin).getConnected()) {
          Time.system().sleep(LOOK);
        }
        Host alpha = host(admin);
        assertEquals("alpha", alpha.getName(), "whatever it calls itself");
        assertEquals(Map.of("role", "db"), alpha.getFacts().getLabelsMap());
        assertEquals(System.getProperty("os.arch"), alpha.getFacts().getArchitecture());
        assertTrue(alpha.getFacts().getOperatingSystem().startsWith(System.getProperty("os.name")));
        assertTrue(
            !admin
                .takeHostFacts(TakeHostFactsRequest.newBuilder().setHost("alpha").build())
                .getChanged(),
            "nothing waits");
      }
    } finally {
      fleet.stop();
    }
  }
}
