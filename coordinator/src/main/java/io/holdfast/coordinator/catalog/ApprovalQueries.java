package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.ApprovalId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.ApprovalMoved;
import io.holdfast.proto.stored.v1.ApprovalRuleSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What waits, or waited, for a second person: all that is open, and the newest {@link #CLOSED_MAX}
 * of the closed ones.
 */
public final class ApprovalQueries {
  /** Closed ones that are kept. */
  public static final int CLOSED_MAX = ApprovalChanges.CLOSED_MAX;

  private static final int ID_BYTES = 16;

  /** A step's number isn't its place: one came later. */
  private static final Comparator<RecordedApproval.Move> IN_ORDER =
      Comparator.comparingInt(move ->
          switch (move.step()) {
            case APPROVAL_STEP_UNSPECIFIED -> 0;
            case APPROVAL_STEP_GIVEN, APPROVAL_STEP_REFUSED -> 1;
            case APPROVAL_STEP_BEGUN -> 2;
            case APPROVAL_STEP_CARRIED_OUT, APPROVAL_STEP_FAILED, UNRECOGNIZED -> 3;
          });

  private final Reads reads;

  ApprovalQueries(Reads reads) {
    this.reads = reads;
  }

  /** The rule in force; empty if none was ever set. */
  public Optional<ApprovalRuleSet> rule() {
    return reads
        .get(Families.META, Keys.APPROVAL_RULE)
        .map(row -> Recorded.of(row).change().getApprovalRuleSet());
  }

  public Optional<RecordedApproval> find(ApprovalId id) {
    return list(id.toByteArray()).stream().findFirst();
  }

  /** All of them, in the order of ids. */
  public List<RecordedApproval> all() {
    return list(new byte[0]);
  }

  /**
   * Those whose id begins with {@code hexDigits}. INVALID_ARGUMENT if they aren't lower-case
   * hexadecimal digits.
   */
  public List<RecordedApproval> withPrefix(String hexDigits) {
    IdPrefix prefix = IdPrefix.of(hexDigits, "approval", ID_BYTES);
    return list(prefix.key()).stream().filter(one -> prefix.fits(one.id())).toList();
  }

  private List<RecordedApproval> list(byte[] prefix) {
    List<RecordedApproval> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.APPROVALS)) {
      for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
        Recorded row = Recorded.of(cursor.value());
        if (cursor.key()[ID_BYTES] == ApprovalChanges.REQUEST) {
          found.add(request(cursor.key(), row));
        } else {
          found.add(moved(found.removeLast(), row));
        }
      }
    }
    return found;
  }

  private static RecordedApproval request(byte[] key, Recorded row) {
    return new RecordedApproval(
        ApprovalId.of(Arrays.copyOf(key, ID_BYTES)),
        row.timeMillis(),
        row.change().getApprovalRequested(),
        row.mutation(),
        List.of());
  }

  private static RecordedApproval moved(RecordedApproval before, Recorded row) {
    ApprovalMoved moved = row.change().getApprovalMoved();
    List<RecordedApproval.Move> moves = new ArrayList<>(before.moves());
    moves.add(
        new RecordedApproval.Move(
            moved.getStep(),
            moved.getPerson().isEmpty()
                ? Optional.empty()
                : Optional.of(Fields.person(moved.getPerson())),
            moved.getBeginsByRecord(),
            row.timeMillis(),
            row.mutation()));
    moves.sort(IN_ORDER);
    return new RecordedApproval(
        before.id(), before.askedMillis(), before.request(), before.mutation(), moves);
  }
}
