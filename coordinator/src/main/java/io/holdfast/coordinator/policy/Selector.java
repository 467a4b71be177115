package io.holdfast.coordinator.policy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which hosts a policy is for: those that meet every condition; without one, every host. */
public record Selector(
    SortedMap<String, String> labels,
    SortedMap<Fact, String> facts,
    List<Requirement> requirements) {
  public static final Selector EVERY_HOST = new Selector(Map.of(), Map.of(), List.of());

  public Selector {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    requirements = List.copyOf(requirements);
  }

  public Selector(
      Map<String, String> labels, Map<Fact, String> facts, List<Requirement> requirements) {
    this(new TreeMap<>(labels), new TreeMap<>(facts), requirements);
  }

  public boolean fits(HostTraits host) {
    return host.labels().entrySet().containsAll(labels.entrySet())
        && host.facts().entrySet().containsAll(facts.entrySet())
        && requirements.stream().allMatch(requirement -> requirement.fits(host));
  }
}
