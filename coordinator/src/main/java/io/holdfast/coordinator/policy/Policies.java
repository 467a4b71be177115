package io.holdfast.coordinator.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The policies of a fleet held against its hosts. */
public record Policies(List<Policy> all) {
  /** A data class that a host is in. */
  public record Membership(Policy policy, DataClass dataClass) {
    @Override
    public String toString() {
      return policy.isPlain() ? policy.name() : policy.name() + "/" + dataClass.name();
    }
  }

  public Policies {
    all = List.copyOf(all);
  }

  /** What {@code host} is in, in the order of policies. */
  public List<Membership> of(HostTraits host) {
    return all.stream()
        .filter(policy -> policy.selector().fits(host))
        .flatMap(policy -> policy.dataClasses().stream().map(each -> new Membership(policy, each)))
        .toList();
  }

  /** The hosts that no policy is for. */
  public List<HostTraits> unprotected(Collection<HostTraits> hosts) {
    return hosts.stream()
        .filter(host -> all.stream().noneMatch(policy -> policy.selector().fits(host)))
        .toList();
  }

  /** Each pair of data classes that is in the way of the other on {@code host}. */
  public List<Overlap> overlaps(HostTraits host) {
    List<Membership> memberships = of(host);
    List<Overlap> overlaps = new ArrayList<>();
    for (int one = 0; one < memberships.size(); one++) {
      for (int other = one + 1; other < memberships.size(); other++) {
        overlap(memberships.get(one), memberships.get(other)).ifPresent(overlaps::add);
      }
    }
    return overlaps;
  }

  private static Optional<Overlap> overlap(Membership one, Membership other) {
    Source source = one.dataClass().source();
    if (source.identity().equals(other.dataClass().source().identity())) {
      boolean agree = one.dataClass().retention().equals(other.dataClass().retention());
      return Optional.of(
          agree
              ? overlap(Overlap.Kind.SAME_SOURCE, one, other, "both back up " + source.identity())
              : overlap(
                  Overlap.Kind.OTHER_RETENTION,
                  one,
                  other,
                  "both back up " + source.identity() + ", with different retention"));
    }
    return nested(source, other.dataClass().source())
        .map(path -> overlap(Overlap.Kind.NESTED, one, other, "both read " + path));
  }

  private static Overlap overlap(Overlap.Kind kind, Membership one, Membership other, String text) {
    return new Overlap(kind, one.toString(), other.toString(), text);
  }

  /** The first path of both that lies at or below one of the other's. */
  private static Optional<String> nested(Source one, Source other) {
    if (!(one instanceof Source.Files files && other instanceof Source.Files others)) {
      return Optional.empty();
    }
    return files.include().stream()
        .flatMap(path ->
            others.include().stream()
                .filter(each -> isBelow(path, each) || isBelow(each, path))
                .map(each -> each.length() > path.length() ? each : path))
        .findFirst();
  }

  private static boolean isBelow(String path, String top) {
    return path.equals(top) || path.startsWith(top.equals("/") ? top : top + "/");
  }
}
