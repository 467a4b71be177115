package io.holdfast.coordinator.prune;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policies;
import io.holdfast.coordinator.policy.Policies.Membership;
import io.holdfast.coordinator.policy.book.Coverage;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.retention.Brake;
import io.holdfast.coordinator.retention.Decision;
import io.holdfast.coordinator.retention.Reason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What rounds would make of what hosts have now, counted, by the policies in force or by others.
 * Plans as {@link PruneRounds} does and changes nothing. Any thread.
 */
public final class RetentionPreview {
  private final PrunePorts ports;
  private final Holds holds;
  private final ClockKeeper clock;

  public RetentionPreview(PrunePorts ports, Holds holds, ClockKeeper clock) {
    this.ports = ports;
    this.holds = holds;
    this.clock = clock;
  }

  /**
   * What would become of the snapshots of one data class of one host.
   *
   * @param live not deleted
   * @param braked of these, those that stay by a brake alone
   * @param going of these, those that the next round deletes
   * @param keptBy how many of those that stay each rule keeps, by {@link Reason#rule}
   * @param letGo the first and the last commit of those that the rules let go, brake or not
   * @param comingBack deleted by the rules, which would have them back
   * @param judgedWith other data classes by whose rules some of them are judged as well
   * @param brakes why something stays that the rules let go
   */
  public record Tally(
      Membership membership,
      long live,
      long braked,
      long going,
      Map<String, Long> keptBy,
      Optional<Span> letGo,
      long comingBack,
      List<String> judgedWith,
      List<Brake> brakes) {
    public long kept() {
      return live - going;
    }
  }

  /** From the first to the last of some times. */
  public record Span(Instant oldest, Instant newest) {
    private Span with(Instant time) {
      return new Span(time.isBefore(oldest) ? time : oldest, time.isAfter(newest) ? time : newest);
    }
  }

  /**
   * Of each data class that {@code host} is in by {@code policies}, in their order. Errors of the
   * catalog.
   */
  public List<Tally> of(NamedHost host, List<StoredPolicy> policies) {
    Map<Membership, Count> counts = new LinkedHashMap<>();
    new Policies(policies.stream().map(StoredPolicy::policy).toList())
        .of(HostTraits.of(host.id(), host.details()))
        .forEach(membership -> counts.put(membership, new Count(membership)));
    if (counts.isEmpty()) {
      return List.of();
    }
    try (CatalogView view = ports.fleet().views().get()) {
      Facts facts = new Facts(view, ports.health(), holds);
      HostPlan plan = HostPlan.of(host, policies, clock.read(), view, facts);
      plan.forEach((snapshot, covered, decision) ->
          covered.classes().forEach(each -> counts.get(each).add(snapshot, covered, decision)));
      return counts.values().stream().map(count -> count.tally(plan.brakes())).toList();
    }
  }

  /** A tally that is made. */
  private static final class Count {
    private final Membership membership;
    private final Map<String, Long> keptBy = new TreeMap<>();
    private final NavigableSet<String> judgedWith = new TreeSet<>();
    private Optional<Span> letGo = Optional.empty();
    private long live;
    private long braked;
    private long going;
    private long comingBack;

    Count(Membership membership) {
      this.membership = membership;
    }

    void add(StoredSnapshot snapshot, Coverage.Covered covered, Decision decision) {
      switch (decision) {
        case Decision.Keep keep -> {
          live++;
          keep.reasons().stream()
              .map(Reason::rule)
              .distinct()
              .forEach(rule -> keptBy.merge(rule, 1L, Long::sum));
          if (HostPlan.isFrozen(keep)) {
            braked++;
            letGo(snapshot);
          }
        }
        case Decision.Expire _ -> {
          live++;
          going++;
          letGo(snapshot);
        }
        case Decision.Undelete _ -> comingBack++;
        case Decision.Await _, Decision.Drop _ -> {
          return; // it is gone already
        }
      }
      covered.names().stream()
          .filter(name -> !name.equals(membership.toString()))
          .forEach(judgedWith::add);
    }

    private void letGo(StoredSnapshot snapshot) {
      Instant time = Instant.ofEpochMilli(snapshot.timeMillis());
      letGo = Optional.of(letGo.map(span -> span.with(time)).orElse(new Span(time, time)));
    }

    Tally tally(List<Brake> brakes) {
      return new Tally(
          membership,
          live,
          braked,
          going,
          keptBy,
          letGo,
          comingBack,
          List.copyOf(judgedWith),
          braked > 0 ? brakes : List.of());
    }
  }
}
