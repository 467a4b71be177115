package io.holdfast.coordinator.policy;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.HostDetails;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What a selector sees of a host. */
public record HostTraits(HostId id, Map<String, String> labels, Map<Fact, String> facts) {
  public HostTraits {
    labels = Map.copyOf(labels);
    facts = Map.copyOf(facts);
  }

  /** By what counts of the host now. */
  public static HostTraits of(HostId id, HostDetails details) {
    String system = details.getOperatingSystem().strip();
    int space = system.indexOf(' ');
    Map<Fact, String> facts = new EnumMap<>(Fact.class);
    facts.put(Fact.ID, id.toString());
    put(facts, Fact.HOSTNAME, details.getName());
    put(facts, Fact.ARCH, details.getArchitecture());
    put(facts, Fact.OS, (space < 0 ? system : system.substring(0, space)).toLowerCase(Locale.ROOT));
    put(facts, Fact.OS_VERSION, space < 0 ? "" : system.substring(space).strip());
    return new HostTraits(id, details.getLabelsMap(), facts);
  }

  private static void put(Map<Fact, String> facts, Fact fact, String value) {
    if (!value.isEmpty()) {
      facts.put(fact, value);
    }
  }

  public String name() {
    return facts.getOrDefault(Fact.HOSTNAME, id.toString());
  }
}
