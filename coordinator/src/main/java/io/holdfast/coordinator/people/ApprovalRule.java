package io.holdfast.coordinator.people;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.stored.v1.ApprovalRuleSet;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which acts need a second person. If any does, so do changes of people and of this rule: else one
 * person could make himself two, or be rid of it.
 *
 * @param valid how long a request can be given
 */
public record ApprovalRule(Set<ActKind> kinds, Duration valid) {
  public static final Duration VALID_DEFAULT = Duration.ofDays(1);
  public static final Duration VALID_MAX = Duration.ofDays(30);

  /** Nothing needs one. */
  static final ApprovalRule NONE = new ApprovalRule(Set.of(), VALID_DEFAULT);

  /** INVALID_ARGUMENT for a validity that can't be; zero stands for the default. */
  public ApprovalRule {
    Set<ActKind> all = new HashSet<>(kinds);
    all.remove(ActKind.ACT_KIND_UNSPECIFIED);
    if (!all.isEmpty()) {
      all.add(ActKind.ACT_KIND_PEOPLE);
      all.add(ActKind.ACT_KIND_APPROVAL_RULE);
    }
    kinds = Set.copyOf(all);
    valid = valid.isZero() ? VALID_DEFAULT : valid;
    if (valid.isNegative() || valid.compareTo(VALID_MAX) > 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a request for a second person can be given for up to "
              + VALID_MAX.toDays()
              + " days, not "
              + valid);
    }
  }

  static ApprovalRule of(ApprovalRuleSet stored) {
    return new ApprovalRule(
        new HashSet<>(stored.getKindsList()), Duration.ofMillis(stored.getValidMillis()));
  }

  ApprovalRuleSet stored() {
    return ApprovalRuleSet.newBuilder()
        .addAllKinds(inOrder())
        .setValidMillis(valid.toMillis())
        .build();
  }

  /** As the numbers are. */
  public List<ActKind> inOrder() {
    return kinds.stream().sorted(Comparator.comparingInt(ActKind::getNumber)).toList();
  }

  public boolean needsNobody() {
    return kinds.isEmpty();
  }

  /** For people. */
  @Override
  public String toString() {
    return needsNobody()
        ? "nothing needs a second person"
        : inOrder().stream()
            .map(ApprovalRule::word)
            .collect(Collectors.joining(", ", "a second person for ", ", within " + valid));
  }

  /** Such as snapshot delete. */
  public static String word(ActKind kind) {
    return kind.name().replace("ACT_KIND_", "").toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
