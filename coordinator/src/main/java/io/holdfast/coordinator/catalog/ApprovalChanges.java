package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.stored.v1.ApprovalMoved;
import io.holdfast.proto.stored.v1.ApprovalRequested;
import io.holdfast.proto.stored.v1.ApprovalRuleSet;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Effects of approvals.
 *
 * <pre>
 * from       to                    because
 * -          open                  an act was asked for
 * open       given                 a second person said yes, in time
 * open       refused               somebody said no
 * given      begun                 the coordinator is about to carry it out, in time
 * given      carried out, failed   the act came to its end, or its asker makes the call himself
 * begun      carried out, failed   the act came to its end
 * </pre>
 *
 * Each step is taken once; whatever doesn't follow the table has no effect. Closed are those that
 * were refused, came to their end, or ran out by the time of the record. A request leaves the
 * newest {@link #CLOSED_MAX} of the closed ones; the others are in the journal alone.
 */
final class ApprovalChanges {
  /** The request itself among an approval's rows. */
  static final int REQUEST = 0;

  static final int CLOSED_MAX = 1_000;

  private static final int ID_BYTES = 16;

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
    trim(effects);
  }

  // Closed ones.

  /** One that is closed, and when it was asked for. */
  private record Closed(long seq, ByteString id) {
    static final Comparator<Closed> OLDEST_FIRST =
        Comparator.comparingLong(Closed::seq)
            .thenComparing(Closed::id, ByteString.unsignedLexicographicalComparator());
  }

  private static void trim(Effects effects) {
    Map<ByteString, List<byte[]>> rows = new LinkedHashMap<>();
    for (byte[] key : effects.keys(Families.APPROVALS, new byte[0])) {
      ByteString id = ByteString.copyFrom(key, 0, ID_BYTES);
      rows.computeIfAbsent(id, any -> new ArrayList<>()).add(key);
    }
    if (rows.size() <= CLOSED_MAX) {
      return;
    }
    List<Closed> closed = new ArrayList<>();
    rows.keySet().forEach(id -> addClosed(id, effects, closed));
    closed.stream()
        .sorted(Closed.OLDEST_FIRST)
        .limit(Math.max(0, closed.size() - CLOSED_MAX))
        .flatMap(each -> rows.get(each.id()).stream())
        .forEach(key -> effects.delete(Families.APPROVALS, key));
  }

  private static void addClosed(ByteString id, Effects effects, List<Closed> closed) {
    byte[] approval = id.toByteArray();
    Recorded request =
        effects
            .get(Families.APPROVALS, Keys.approval(approval, REQUEST))
            .map(Recorded::of)
            .orElseThrow();
    boolean over =
        isEnded(approval, effects)
            || has(approval, ApprovalStep.APPROVAL_STEP_REFUSED_VALUE, effects)
            || effects.timeMillis() > request.change().getApprovalRequested().getExpiresMillis();
    if (over) {
      closed.add(new Closed(request.seq(), id));
    }
  }

  private static boolean isEnded(byte[] approval, Effects effects) {
    return has(approval, ApprovalStep.APPROVAL_STEP_CARRIED_OUT_VALUE, effects)
        || has(approval, ApprovalStep.APPROVAL_STEP_FAILED_VALUE, effects);
  }

  // Steps.

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
    boolean begun = has(approval, ApprovalStep.APPROVAL_STEP_BEGUN_VALUE, effects);
    boolean ended = isEnded(approval, effects);
    boolean open = has(approval, REQUEST, effects) && !given && !refused;
    return switch (change.getStep()) {
      case APPROVAL_STEP_GIVEN -> open && isBySecondPerson(change, approval, effects);
      case APPROVAL_STEP_REFUSED -> open;
      case APPROVAL_STEP_BEGUN -> given && !begun && !ended && isInTime(approval, effects);
      case APPROVAL_STEP_CARRIED_OUT, APPROVAL_STEP_FAILED -> given && !ended;
      case APPROVAL_STEP_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  /** Somebody by name, other than who asked, and before it ran out. */
  private static boolean isBySecondPerson(ApprovalMoved change, byte[] approval, Effects effects) {
    return !change.getPerson().isEmpty()
        && !change.getPerson().equals(requested(approval, effects).getPerson())
        && isInTime(approval, effects);
  }

  private static boolean isInTime(byte[] approval, Effects effects) {
    return effects.timeMillis() <= requested(approval, effects).getExpiresMillis();
  }

  private static ApprovalRequested requested(byte[] approval, Effects effects) {
    return effects
        .get(Families.APPROVALS, Keys.approval(approval, REQUEST))
        .map(row -> Recorded.of(row).change().getApprovalRequested())
        .orElseThrow();
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
