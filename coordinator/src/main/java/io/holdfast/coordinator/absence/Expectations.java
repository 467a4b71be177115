package io.holdfast.coordinator.absence;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policies.Membership;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.schedule.plan.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the policies in force expect of hosts. Immutable.
 *
 * @param policies those in force, each with all of its versions, oldest first
 */
record Expectations(List<Versions> policies) {
  /** One policy; the last version is in force. */
  record Versions(List<StoredPolicy> all) {
    StoredPolicy current() {
      return all.getLast();
    }
  }

  Expectations {
    policies = List.copyOf(policies);
  }

  List<String> names() {
    return policies.stream().map(each -> each.current().policy().name()).toList();
  }

  /** Of {@code host}, in the order of policies. */
  List<Expectation> of(NamedHost host) {
    HostTraits traits = HostTraits.of(host.id(), host.details());
    List<Expectation> found = new ArrayList<>();
    for (Versions policy : policies) {
      if (policy.current().policy().selector().fits(traits)) {
        Instant here = host.since(policy.current().id());
        for (DataClass dataClass : policy.current().policy().dataClasses()) {
          found.add(of(policy, dataClass, traits, here));
        }
      }
    }
    return found;
  }

  private static Expectation of(
      Versions policy, DataClass dataClass, HostTraits host, Instant here) {
    Policy current = policy.current().policy();
    Series series = series(policy.current(), dataClass, host.id());
    Instant since = since(policy, dataClass, host);
    return new Expectation(
        new Expectation.Target(
            series.id(),
            current.name(),
            new Membership(current, dataClass).toString(),
            dataClass.source().sourceSet(),
            series.place()),
        dataClass.schedule(),
        dataClass.objectives().rpo(),
        dataClass.objectives().rto(),
        dataClass.gapsLimit(),
        since.isAfter(here) ? since : here);
  }

  private static Series series(StoredPolicy policy, DataClass dataClass, HostId host) {
    return new Series(policy.id(), dataClass.name(), host);
  }

  /** Of the first of the newest versions that agree on what is asked of the host here. */
  private static Instant since(Versions policy, DataClass dataClass, HostTraits host) {
    StoredPolicy first = policy.current();
    for (StoredPolicy version : policy.all().reversed()) {
      if (!asksTheSame(version.policy(), dataClass, host)) {
        break;
      }
      first = version;
    }
    return Instant.ofEpochMilli(first.timeMillis());
  }

  private static boolean asksTheSame(Policy version, DataClass dataClass, HostTraits host) {
    return version.selector().fits(host)
        && version.dataClasses().stream()
            .anyMatch(each ->
                each.name().equals(dataClass.name())
                    && each.schedule().equals(dataClass.schedule())
                    && each.source().identity().equals(dataClass.source().identity()));
  }
}
