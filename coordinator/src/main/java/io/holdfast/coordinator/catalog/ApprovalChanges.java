package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.stored.v1.ApprovalMoved;
import io.holdfast.proto.stored.v1.ApprovalRequested;
import io.holdfast.proto.stored.v1.ApprovalRuleSet;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Mutation;

/**
 * Effects of approvals.
 *
 * <pre>
 * from       to                    because
 * -          open                  an act was asked for
 * open       given                 a second person said yes, in time
 * open       refused               somebody said no
 * given      carried out, failed   the act came to its end
 * </pre>
 *
 * Each step is taken once; whatever doesn't follow the table has no effect.
 */
final class ApprovalChanges {
  /** The request itself among an approval's rows. */
  static final int REQUEST = 0;

  private ApprovalChanges() {}

  static void request(ApprovalRequested change, Mutation mutation, Effects effects) {
    byte[] key = Keys.approval(Fields.approval(change.getApproval()).toByteArray(), REQUEST);
    Fields.bytes32(change.getActSha256(), "hash of an act");
    if (!change.getPerson().isEmpty()) {
      Fields.person(change.getPerson());
    }
    if (effects.has(Families.APPROVALS, key)) {
      effects.ignore();
      return;
    }
    effects.put(Families.APPROVALS, key, effects.recorded(mutation));
  }

  static void move(ApprovalMoved change, Mutation mutation, Effects effects) {
    byte[] approval = Fields.approval(change.getApproval()).toByteArray();
    if (change.getStep() == ApprovalStep.UNRECOGNIZED) {
      throw Fields.unknown("step number " + change.getStepValue() + " of an approval");
    }
    if (!mayFollow(change, approval, effects)) {
      effects.ignore();
      return;
    }
    byte[] key = Keys.approval(approval, change.getStepValue());
    effects.put(Families.APPROVALS, key, effects.recorded(mutation));
  }

  private static boolean mayFollow(ApprovalMoved change, byte[] approval, Effects effects) {
    boolean given = has(approval, ApprovalStep.APPROVAL_STEP_GIVEN_VALUE, effects);
    boolean refused = has(approval, ApprovalStep.APPROVAL_STEP_REFUSED_VALUE, effects);
    boolean ended =
        has(approval, ApprovalStep.APPROVAL_STEP_CARRIED_OUT_VALUE, effects)
            || has(approval, ApprovalStep.APPROVAL_STEP_FAILED_VALUE, effects);
    boolean open = has(approval, REQUEST, effects) && !given && !refused;
    return switch (change.getStep()) {
      case APPROVAL_STEP_GIVEN -> open && isBySecondPerson(change, approval, effects);
      case APPROVAL_STEP_REFUSED -> open;
      case APPROVAL_STEP_CARRIED_OUT, APPROVAL_STEP_FAILED -> given && !ended;
      case APPROVAL_STEP_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  /** Somebody by name, other than who asked, and before it ran out. */
  private static boolean isBySecondPerson(ApprovalMoved change, byte[] approval, Effects effects) {
    ApprovalRequested request =
        effects
            .get(Families.APPROVALS, Keys.approval(approval, REQUEST))
            .map(row -> Recorded.of(row).change().getApprovalRequested())
            .orElseThrow();
    return !change.getPerson().isEmpty()
        && !change.getPerson().equals(request.getPerson())
        && effects.timeMillis() <= request.getExpiresMillis();
  }

  private static boolean has(byte[] approval, int step, Effects effects) {
    return effects.has(Families.APPROVALS, Keys.approval(approval, step));
  }

  static void rule(ApprovalRuleSet change, Mutation mutation, Effects effects) {
    if (change.getKindsList().contains(ActKind.UNRECOGNIZED)) {
      throw Fields.unknown("an act number of " + change.getKindsValueList());
    }
    effects.put(Families.META, Keys.APPROVAL_RULE, effects.recorded(mutation));
  }
}
