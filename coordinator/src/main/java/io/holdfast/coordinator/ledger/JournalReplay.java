package io.holdfast.coordinator.ledger;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.CheckpointMark;
import io.holdfast.coordinator.catalog.rebuild.JournalView;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.JournalStateCodec;
import io.holdfast.coordinator.journal.Replay;
import java.util.List;
import java.util.Optional;

/**
 * The journal read again from its slots, for whoever verifies a checkpoint. One thread.
 *
 * <p>Where the newest checkpoint stands, the journal has been judged before, by the verification of
 * that checkpoint; its state there is remembered, so that each record is judged twice at most in
 * the life of a process: when it is applied, and when the next checkpoint is verified.
 */
public final class JournalReplay {
  private final JournalSlots slots;
  private final Replay replay;
  private final JournalAnchor anchor;
  private Optional<ByteString> judged = Optional.empty();

  public JournalReplay(JournalSlots slots, Replay replay, JournalAnchor anchor) {
    this.slots = slots;
    this.replay = replay;
    this.anchor = anchor;
  }

  /** From the newest checkpoint that {@code ledger} knows, or from the first record. */
  JournalView fromNewestCheckpoint(Ledger ledger) {
    long seq = newestCheckpoint(ledger);
    if (seq == 0) {
      return new SlotJournal(slots, replay, anchor, Optional.empty());
    }
    boolean known = judged.filter(state -> parse(state).lastValidSeq() == seq).isPresent();
    if (!known) {
      JournalState start =
          judged
              .map(this::parse)
              .filter(state -> state.lastValidSeq() < seq)
              .orElseGet(() -> JournalState.beforeGenesis(anchor));
      JournalState state = replay.fold(start, seq, slots::read);
      judged =
          state.lastValidSeq() == seq
              ? Optional.of(ByteString.copyFrom(JournalStateCodec.encode(state)))
              : Optional.empty();
    }
    return new SlotJournal(slots, replay, anchor, judged);
  }

  private JournalState parse(ByteString state) {
    return JournalStateCodec.parse(anchor, state.toByteArray());
  }

  private static long newestCheckpoint(Ledger ledger) {
    try (CatalogView view = ledger.view()) {
      List<CheckpointMark> marks = view.checkpoints();
      return marks.isEmpty() ? 0 : marks.getLast().seq();
    }
  }
}
