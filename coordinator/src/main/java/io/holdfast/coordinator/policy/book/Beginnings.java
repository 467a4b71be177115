package io.holdfast.coordinator.policy.book;

import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.Policies;
import io.holdfast.coordinator.policy.change.Shortening;
import io.holdfast.coordinator.policy.change.Shortening.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Snapshots that are kept because no policy is for them, and that come under rules by a change: a
 * first policy, a new data class, a selector that fits more hosts, or another label of a host. One
 * thread.
 */
final class Beginnings {
  private static final int NAMED_MAX = 3;

  /** What comes under one data class. */
  private static final class Found {
    private final List<NamedHost> hosts = new ArrayList<>();
    private long snapshots;

    Shortening shortening(Policies.Membership membership) {
      String named =
          hosts.stream().limit(NAMED_MAX).map(NamedHost::name).collect(Collectors.joining(", "));
      String others =
          hosts.size() > NAMED_MAX ? " and " + (hosts.size() - NAMED_MAX) + " more" : "";
      return new Shortening(
          Kind.RULES_BEGIN,
          membership.dataClass().name(),
          hosts.size() == 1 ? Optional.of(hosts.getFirst().id()) : Optional.empty(),
          snapshots
              + " snapshots of "
              + named
              + others
              + " were kept since no policy is for them; now "
              + membership.dataClass().retention().orElseThrow());
    }
  }

  private final Map<Policies.Membership, Found> found = new LinkedHashMap<>();

  private Beginnings() {}

  /** What the change from {@code before} to {@code after} does to what {@code hosts} stored. */
  static Beginnings of(
      Collection<NamedHost> hosts,
      List<StoredPolicy> before,
      List<StoredPolicy> after,
      CatalogView view) {
    Beginnings all = new Beginnings();
    for (NamedHost host : hosts) {
      all.compare(host, Coverage.of(host, before), Coverage.of(host, after), view);
    }
    return all;
  }

  /** What the change from {@code before} to {@code after} does to what that host stored. */
  static Beginnings of(
      NamedHost before, NamedHost after, List<StoredPolicy> policies, CatalogView view) {
    Beginnings all = new Beginnings();
    all.compare(after, Coverage.of(before, policies), Coverage.of(after, policies), view);
    return all;
  }

  private void compare(NamedHost host, Coverage then, Coverage now, CatalogView view) {
    for (Bytes32 sourceSet : view.snapshots().sourceSets(host.id())) {
      if (then.of(host.id(), sourceSet, view).classes().isEmpty()) {
        Coverage.Covered covered = now.of(host.id(), sourceSet, view);
        if (!covered.isUnlimited()) {
          add(covered.classes().getFirst(), host, count(host, sourceSet, view));
        }
      }
    }
  }

  private static long count(NamedHost host, Bytes32 sourceSet, CatalogView view) {
    long[] count = {0};
    view.snapshots()
        .forEachOfSourceSet(
            host.id(),
            sourceSet,
            kept -> {
              if (kept.isLive()) {
                count[0]++;
              }
            });
    return count[0];
  }

  private void add(Policies.Membership membership, NamedHost host, long snapshots) {
    if (snapshots == 0) {
      return;
    }
    Found in = found.computeIfAbsent(membership, key -> new Found());
    if (!in.hosts.contains(host)) {
      in.hosts.add(host);
    }
    in.snapshots += snapshots;
  }

  /** Those of the policy called {@code policy}. */
  List<Shortening> of(String policy) {
    return found.entrySet().stream()
        .filter(each -> each.getKey().policy().name().equals(policy))
        .map(each -> each.getValue().shortening(each.getKey()))
        .toList();
  }
}
