package io.holdfast.coordinator.ledger;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.Replay;
import java.util.Optional;

/** Reads the journal again as a rebuild would, every signature included. Any thread. */
public final class JournalCheck {
  private final JournalSlots slots;
  private final Replay replay;
  private final JournalAnchor anchor;

  public JournalCheck(JournalSlots slots, Replay replay, JournalAnchor anchor) {
    this.slots = slots;
    this.replay = replay;
    this.anchor = anchor;
  }

  /**
   * Returns if every slot up to {@code head}, which was applied once, leads to that very record.
   * JOURNAL_DAMAGED or UNKNOWN_VERSION naming the first slot that doesn't; the vault's errors.
   */
  public void requireWhole(CatalogHead head) {
    SlotJournal journal = new SlotJournal(slots, replay, anchor, Optional.empty());
    for (AppliedRecord record : journal.from(1)) {
      if (record.seq() >= head.seq()) {
        requireSame(record, head);
        return;
      }
    }
    throw damaged(head, "and everything behind the last valid record before it is gone");
  }

  private static void requireSame(AppliedRecord record, CatalogHead head) {
    if (record.seq() != head.seq() || !record.hash().equals(head.hash())) {
      throw damaged(head, "another record stands there than was applied");
    }
  }

  private static HoldfastException damaged(CatalogHead head, String why) {
    return new HoldfastException(
        ErrorCode.JOURNAL_DAMAGED,
        "journal slot "
            + head.seq()
            + " is damaged: "
            + why
            + "; heal it from another copy of the vault before this coordinator stops");
  }
}
