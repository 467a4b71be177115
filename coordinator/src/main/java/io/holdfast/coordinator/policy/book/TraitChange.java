package io.holdfast.coordinator.policy.book;

import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Overlap;
import io.holdfast.coordinator.policy.Policies;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.change.Shortening;
import io.holdfast.coordinator.policy.change.Shortenings;
import io.holdfast.proto.stored.v1.HostDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What other labels or facts of a host come to.
 *
 * @param fitting the policies that are for it afterwards
 * @param begun those of them that were not before
 * @param ended those that were, and are no longer
 * @param shortenings in which ways it lets snapshots go that would have stayed, for whoever
 *     approves it
 * @param letsGo whether rules may let something go that is stored already; that a policy ends to be
 *     for a host lets nothing go by itself
 * @param warnings what is in each other's way and was not before
 */
public record TraitChange(
    NamedHost before,
    NamedHost after,
    List<StoredPolicy> fitting,
    List<StoredPolicy> begun,
    List<StoredPolicy> ended,
    List<String> shortenings,
    boolean letsGo,
    List<String> warnings) {
  public TraitChange {
    fitting = List.copyOf(fitting);
    begun = List.copyOf(begun);
    ended = List.copyOf(ended);
    shortenings = List.copyOf(shortenings);
    warnings = List.copyOf(warnings);
  }

  /** From what counts of {@code before} to {@code details}, under the policies {@code inForce}. */
  static TraitChange of(
      NamedHost before, HostDetails details, List<StoredPolicy> inForce, CatalogView view) {
    NamedHost after = before.with(details);
    List<StoredPolicy> then = fitting(before, inForce);
    List<StoredPolicy> now = fitting(after, inForce);
    List<StoredPolicy> begun = now.stream().filter(each -> !then.contains(each)).toList();
    List<StoredPolicy> ended = then.stream().filter(each -> !now.contains(each)).toList();
    boolean moves = !begun.isEmpty() || !ended.isEmpty();
    return new TraitChange(
        before,
        after,
        now,
        begun,
        ended,
        moves ? shortenings(before, after, ended, inForce, view) : List.of(),
        moves && letsGo(before, after, inForce, view),
        moves ? warnings(before, after, inForce) : List.of());
  }

  private static List<StoredPolicy> fitting(NamedHost host, List<StoredPolicy> inForce) {
    HostTraits traits = HostTraits.of(host.id(), host.details());
    return inForce.stream().filter(each -> each.policy().selector().fits(traits)).toList();
  }

  private static List<String> shortenings(
      NamedHost before,
      NamedHost after,
      List<StoredPolicy> ended,
      List<StoredPolicy> inForce,
      CatalogView view) {
    List<String> words = new ArrayList<>();
    HostTraits traits = HostTraits.of(after.id(), after.details());
    for (StoredPolicy each : ended) {
      add(each.policy(), Shortenings.ofLeaving(each.policy(), traits), words);
    }
    Beginnings beginnings = Beginnings.of(before, after, inForce, view);
    for (StoredPolicy each : inForce) {
      add(each.policy(), beginnings.of(each.policy().name()), words);
    }
    return words;
  }

  private static void add(Policy policy, List<Shortening> shortenings, List<String> words) {
    shortenings.forEach(each -> words.add(PolicyBook.words(policy.name(), each)));
  }

  private static boolean letsGo(
      NamedHost before, NamedHost after, List<StoredPolicy> inForce, CatalogView view) {
    Coverage then = Coverage.of(before, inForce);
    Coverage now = Coverage.of(after, inForce);
    for (Bytes32 sourceSet : view.snapshots().sourceSets(before.id())) {
      Coverage.Covered covered = now.of(before.id(), sourceSet, view);
      if (!covered.keepsAllOf(then.of(before.id(), sourceSet, view))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> warnings(
      NamedHost before, NamedHost after, List<StoredPolicy> inForce) {
    Policies policies = new Policies(inForce.stream().map(StoredPolicy::policy).toList());
    List<Overlap> known = policies.overlaps(HostTraits.of(before.id(), before.details()));
    return policies.overlaps(HostTraits.of(after.id(), after.details())).stream()
        .filter(each -> !known.contains(each))
        .map(Overlap::toString)
        .toList();
  }

  /** Whether nothing differs. */
  public boolean isNone() {
    return before.details().equals(after.details());
  }

  /** Whether another policy is for the host than before. */
  boolean moves() {
    return !begun.isEmpty() || !ended.isEmpty();
  }

  /** What it does to the host's policies, to stand behind other words; empty if nothing. */
  String words() {
    return words("begun", begun) + words("ended", ended);
  }

  private static String words(String what, List<StoredPolicy> policies) {
    return policies.isEmpty()
        ? ""
        : policies.stream()
            .map(each -> each.policy().name())
            .collect(Collectors.joining(", ", "; " + what + ": policy ", ""));
  }
}
