package io.holdfast.coordinator.dispatch;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.PolicyId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.policy.yaml.PolicyReader;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import io.holdfast.coordinator.schedule.plan.Series;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * What would run where and when, by the policies in force or by those of a text that isn't applied.
 * Any thread.
 */
public final class Preview {
  private static final Duration AHEAD = Duration.ofDays(1);
  private static final int LISTED = 100;
  private static final int LISTED_MAX = 100_000;

  private final PolicyBook policies;
  private final HostDirectory hosts;
  private final Time time;

  public Preview(PolicyBook policies, HostDirectory hosts, Time time) {
    this.policies = policies;
    this.hosts = hosts;
    this.time = time;
  }

  /**
   * A policy and its id; one that isn't applied has none yet, and where its hosts stand within the
   * spread isn't known.
   */
  private record Known(Policy policy, Optional<PolicyId> id) {}

  /** One data class of one host, and its next turn. */
  private record Upcoming(NamedHost host, Policy policy, DataClass dataClass, long place, Slot slot)
      implements Comparable<Upcoming> {
    private Instant start() {
      return slot.start(place);
    }

    private Upcoming after() {
      Slot next = dataClass.schedule().timetable().after(slot);
      return new Upcoming(host, policy, dataClass, place, next);
    }

    @Override
    public int compareTo(Upcoming other) {
      return start().compareTo(other.start());
    }
  }

  /**
   * Hands the next runs to {@code out}, in the order in which they begin. INVALID_CONFIGURATION of
   * a text; POLICY_NOT_FOUND; errors of {@link HostDirectory#find}.
   */
  public void list(PreviewPoliciesRequest request, Consumer<PlannedRun> out) {
    Instant now = time.now();
    Duration ahead =
        request.getForMillis() == 0 ? AHEAD : Duration.ofMillis(request.getForMillis());
    int limit = request.getLimit() == 0 ? LISTED : Math.min(request.getLimit(), LISTED_MAX);
    PriorityQueue<Upcoming> upcoming = new PriorityQueue<>(upcoming(request, now));
    for (int listed = 0; listed < limit && !upcoming.isEmpty(); listed++) {
      Upcoming next = upcoming.remove();
      if (next.start().isAfter(now.plus(ahead))) {
        return;
      }
      out.accept(view(next));
      upcoming.add(next.after());
    }
  }

  private List<Upcoming> upcoming(PreviewPoliciesRequest request, Instant now) {
    List<NamedHost> among =
        request.getHost().isEmpty()
            ? hosts.all().stream().filter(host -> !host.isRevoked()).toList()
            : List.of(hosts.find(request.getHost()));
    List<Upcoming> found = new ArrayList<>();
    for (Known known : known(request)) {
      for (NamedHost host : among) {
        if (known.policy().selector().fits(HostTraits.of(host.id(), host.details()))) {
          known.policy().dataClasses().forEach(each -> found.add(first(known, each, host, now)));
        }
      }
    }
    return found;
  }

  private List<Known> known(PreviewPoliciesRequest request) {
    Map<String, Known> known = new LinkedHashMap<>();
    for (StoredPolicy stored : policies.all()) {
      known.put(stored.policy().name(), new Known(stored.policy(), Optional.of(stored.id())));
    }
    if (!request.getText().isEmpty()) {
      for (Policy policy : PolicyReader.read(request.getFile(), request.getText())) {
        Optional<PolicyId> id =
            Optional.ofNullable(known.get(policy.name())).flatMap(before -> before.id());
        known.put(policy.name(), new Known(policy, id));
      }
    }
    if (request.getPolicy().isEmpty()) {
      return List.copyOf(known.values());
    }
    Known one = known.get(request.getPolicy());
    return one == null
        ? List.of(new Known(policies.get(request.getPolicy()).policy(), Optional.empty()))
        : List.of(one);
  }

  private static Upcoming first(Known known, DataClass dataClass, NamedHost host, Instant now) {
    long place =
        known.id().map(id -> new Series(id, dataClass.name(), host.id()).place()).orElse(0L);
    Timetable timetable = dataClass.schedule().timetable();
    Upcoming latest = new Upcoming(host, known.policy(), dataClass, place, timetable.latest(now));
    return latest.start().isAfter(now) ? latest : latest.after();
  }

  private static PlannedRun view(Upcoming run) {
    return PlannedRun.newBuilder()
        .setStartMillis(run.start().toEpochMilli())
        .setNominalMillis(run.slot().nominal().toEpochMilli())
        .setOpensMillis(run.slot().opens().toEpochMilli())
        .setSpreadMillis(run.slot().room().toMillis())
        .setHost(ByteString.copyFrom(run.host().id().toByteArray()))
        .setHostName(run.host().name())
        .setPolicy(run.policy().name())
        .setDataClass(run.dataClass().name())
        .addAllSources(BackupOrders.shown(run.dataClass().source()))
        .setRateLimit(BackupOrders.rate(run.dataClass(), run.start()))
        .build();
  }
}
