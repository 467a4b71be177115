package io.holdfast.coordinator.policy.book;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.PolicyQueries;
import io.holdfast.coordinator.catalog.RecordedPolicy;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Overlap;
import io.holdfast.coordinator.policy.Policies;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.Promises;
import io.holdfast.coordinator.policy.change.Shortening;
import io.holdfast.coordinator.policy.change.Shortenings;
import io.holdfast.coordinator.policy.yaml.PolicyReader;
import io.holdfast.coordinator.policy.yaml.PolicyWriter;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PolicyApplied;
import io.holdfast.proto.stored.v1.PolicyDeleted;
import io.holdfast.proto.stored.v1.PolicyDetails;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The policies in force. Any thread; changes are made one after another, and none beside one of a
 * host's labels or facts, since each is judged by what was in force before it.
 */
public final class PolicyBook {
  /** What a change comes to, made or not. */
  public record Outcome(List<PolicyChange> changes, List<String> warnings) {}

  /** The version of a policy that is looked at as if it were applied. */
  public static final long NOT_APPLIED = 0;

  private static final Comparator<StoredPolicy> BY_NAME =
      Comparator.comparing(stored -> stored.policy().name());

  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final ReentrantLock changing = new ReentrantLock();

  public PolicyBook(FleetPorts ports, HostDirectory hosts) {
    this.ports = ports;
    this.hosts = hosts;
  }

  /** Held by who changes what policies are in force, or what they fit. */
  ReentrantLock changing() {
    return changing;
  }

  // Questions.

  /** Every policy in force, by name. */
  public List<StoredPolicy> all() {
    return look(PolicyQueries::current).stream().map(this::stored).sorted(BY_NAME).toList();
  }

  /** The version in force of each policy. */
  public Map<PolicyId, Long> inForce() {
    return look(PolicyQueries::current).stream()
        .collect(Collectors.toMap(RecordedPolicy::id, RecordedPolicy::version));
  }

  /** The policy called {@code name}; POLICY_NOT_FOUND. */
  public StoredPolicy get(String name) {
    return find(name, all())
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.POLICY_NOT_FOUND,
                "no policy is called '" + name + "'; see them with: holdfast policy ls"));
  }

  /** How many hosts {@code policy} fits, revoked ones left out. */
  public long hostsOf(Policy policy) {
    return traits().stream().filter(policy.selector()::fits).count();
  }

  /** Every version of the policy in force, oldest first. */
  public List<StoredPolicy> versions(PolicyId policy) {
    return look(all -> all.versions(policy)).stream()
        .filter(version -> !version.isDeletion())
        .map(this::stored)
        .toList();
  }

  private <T> T look(Function<PolicyQueries, T> question) {
    try (CatalogView view = ports.views().get()) {
      return question.apply(view.policies());
    }
  }

  private StoredPolicy stored(RecordedPolicy recorded) {
    PolicyDetails details =
        ports
            .mutations()
            .open(recorded.mutation())
            .map(Details::getPolicy)
            .orElse(PolicyDetails.getDefaultInstance());
    Policy policy = PolicyReader.read("policy " + details.getName(), details.getText()).getFirst();
    return new StoredPolicy(
        recorded.id(), recorded.version(), recorded.timeMillis(), details.getActor(), policy);
  }

  private static Optional<StoredPolicy> find(String name, List<StoredPolicy> all) {
    return all.stream().filter(stored -> stored.policy().name().equals(name)).findFirst();
  }

  /**
   * What would be in force, by name, if {@code text}, read from {@code file}, were applied; what
   * that holds is of version {@link #NOT_APPLIED}. An empty text changes nothing.
   * INVALID_CONFIGURATION.
   */
  public List<StoredPolicy> inForceWith(String file, String text) {
    List<StoredPolicy> before = all();
    return text.isEmpty()
        ? before
        : after(PolicyReader.read(file, text), before).stream().sorted(BY_NAME).toList();
  }

  // Changes.

  /** What applying {@code text}, read from {@code file}, would change. INVALID_CONFIGURATION. */
  public Outcome plan(String file, String text) {
    return plan(PolicyReader.read(file, text), all());
  }

  /**
   * Applies all policies of {@code text}, or none. INVALID_CONFIGURATION that lists every problem;
   * CONFIRMATION_REQUIRED if snapshots may go by it and {@code confirmed} doesn't say that this is
   * wanted; errors of the journal.
   */
  public Outcome apply(String file, String text, boolean confirmed, String actor)
      throws InterruptedException {
    List<Policy> policies = PolicyReader.read(file, text);
    changing.lockInterruptibly();
    try {
      Outcome outcome = plan(policies, all());
      requireConfirmed(outcome, confirmed);
      Mutation[] mutations =
          outcome.changes().stream()
              .filter(change -> change.kind() != PolicyChange.Kind.UNCHANGED)
              .map(change -> applied(change, actor))
              .toArray(Mutation[]::new);
      if (mutations.length > 0) {
        ports.append(mutations);
      }
      return outcome;
    } finally {
      changing.unlock();
    }
  }

  /** Deletes the policy called {@code name}; POLICY_NOT_FOUND, else as {@link #apply}. */
  public Outcome delete(String name, boolean confirmed, String actor) throws InterruptedException {
    changing.lockInterruptibly();
    try {
      StoredPolicy stored = get(name);
      PolicyChange change =
          new PolicyChange(
              Optional.of(stored), Optional.empty(), Shortenings.ofDeletion(stored.policy()));
      Outcome outcome = new Outcome(List.of(change), List.of());
      requireConfirmed(outcome, confirmed);
      ports.append(deleted(stored, actor));
      return outcome;
    } finally {
      changing.unlock();
    }
  }

  private Outcome plan(List<Policy> policies, List<StoredPolicy> before) {
    List<HostTraits> traits = traits();
    List<PolicyChange> changes = new ArrayList<>();
    Beginnings beginnings;
    try (CatalogView view = ports.views().get()) {
      beginnings = Beginnings.of(hosts.all(), before, after(policies, before), view);
    }
    for (Policy policy : policies) {
      Optional<StoredPolicy> old = find(policy.name(), before);
      List<Shortening> shortenings = new ArrayList<>(beginnings.of(policy.name()));
      old.ifPresent(stored -> shortenings.addAll(Shortenings.of(stored.policy(), policy, traits)));
      changes.add(new PolicyChange(old, Optional.of(policy), shortenings));
    }
    return new Outcome(changes, warnings(policies, before, traits));
  }

  /**
   * What is in force once {@code policies} are; a new one has no snapshots by its schedule yet, and
   * an id that no policy will ever have.
   */
  private static List<StoredPolicy> after(List<Policy> policies, List<StoredPolicy> before) {
    Map<String, StoredPolicy> after = new LinkedHashMap<>();
    before.forEach(stored -> after.put(stored.policy().name(), stored));
    for (int number = 0; number < policies.size(); number++) {
      Policy policy = policies.get(number);
      PolicyId none = PolicyId.of(ByteBuffer.allocate(16).putInt(12, number).array());
      PolicyId id = find(policy.name(), before).map(StoredPolicy::id).orElse(none);
      after.put(policy.name(), new StoredPolicy(id, NOT_APPLIED, 0, "", policy));
    }
    return List.copyOf(after.values());
  }

  private List<HostTraits> traits() {
    return hosts.all().stream().filter(host -> !host.isRevoked()).map(PolicyBook::traits).toList();
  }

  private static HostTraits traits(NamedHost host) {
    return HostTraits.of(host.id(), host.details());
  }

  /**
   * What is in each other's way once all is applied, each thing once however many hosts it hits,
   * and what these policies promise and can't keep.
   */
  private List<String> warnings(
      List<Policy> policies, List<StoredPolicy> before, List<HostTraits> traits) {
    Instant now = ports.time().now();
    List<String> named = policies.stream().map(Policy::name).toList();
    Policies after =
        new Policies(
            Stream.concat(
                    before.stream()
                        .map(StoredPolicy::policy)
                        .filter(policy -> !named.contains(policy.name())),
                    policies.stream())
                .toList());
    LinkedHashSet<String> warnings = new LinkedHashSet<>();
    for (Policy policy : policies) {
      if (traits.stream().noneMatch(policy.selector()::fits)) {
        warnings.add("policy " + policy.name() + " fits no host that is enrolled");
      }
      for (String line : Promises.broken(policy, now)) {
        warnings.add("policy " + policy.name() + ": " + line);
      }
    }
    for (HostTraits host : traits) {
      after.overlaps(host).stream().map(Overlap::toString).forEach(warnings::add);
    }
    return List.copyOf(warnings);
  }

  private static void requireConfirmed(Outcome outcome, boolean confirmed) {
    requireConfirmed(
        outcome.changes().stream()
            .flatMap(
                change -> change.shortenings().stream().map(each -> words(change.name(), each)))
            .toList(),
        confirmed);
  }

  /** Of the policy called {@code policy}. */
  static String words(String policy, Shortening shortening) {
    return policy + "/" + shortening.dataClass() + ": " + shortening.text();
  }

  /** CONFIRMATION_REQUIRED if snapshots may go and nobody said that this is wanted. */
  static void requireConfirmed(List<String> shortenings, boolean confirmed) {
    if (!confirmed && !shortenings.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.CONFIRMATION_REQUIRED,
          shortenings.stream()
              .collect(
                  Collectors.joining(
                      "; ",
                      "by this change snapshots may go that would have stayed: ",
                      "; say that this is wanted (--yes)")));
    }
  }

  private Mutation applied(PolicyChange change, String actor) {
    Policy policy = change.after().orElseThrow();
    PolicyId id =
        change
            .before()
            .map(StoredPolicy::id)
            .orElseGet(() -> PolicyId.of(ports.randomness().bytes(16)));
    PolicyApplied applied =
        PolicyApplied.newBuilder()
            .setPolicy(ByteString.copyFrom(id.toByteArray()))
            .setVersion(change.before().map(StoredPolicy::version).orElse(0L) + 1)
            .setTextSha256(ByteString.copyFrom(PolicyWriter.hash(policy).toByteArray()))
            .build();
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setPolicyApplied(applied).build(),
            details(actor, policy.name(), PolicyWriter.write(policy)));
  }

  private Mutation deleted(StoredPolicy stored, String actor) {
    PolicyDeleted deleted =
        PolicyDeleted.newBuilder()
            .setPolicy(ByteString.copyFrom(stored.id().toByteArray()))
            .build();
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setPolicyDeleted(deleted).build(),
            details(actor, stored.policy().name(), ""));
  }

  private static Details details(String actor, String name, String text) {
    return Details.newBuilder()
        .setPolicy(PolicyDetails.newBuilder().setActor(actor).setName(name).setText(text))
        .build();
  }
}
