package io.holdfast.coordinator.ledger;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.rebuild.JournalView;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.JournalStateCodec;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.Verdict;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The valid records of a journal, read from its slots and judged anew. Begins where the catalog
 * stood if that place is still in the journal, so that a restart reads only what is new. One
 * thread.
 */
public final class SlotJournal implements JournalView {
  private final JournalSlots slots;
  private final Replay replay;
  private final JournalAnchor anchor;
  private final Optional<JournalState> kept;
  private JournalState folded;

  /**
   * The journal in {@code slots}.
   *
   * @param keptState what the catalog kept with its last record, if it has one
   */
  public SlotJournal(
      JournalSlots slots, Replay replay, JournalAnchor anchor, Optional<ByteString> keptState) {
    this.slots = slots;
    this.replay = replay;
    this.anchor = anchor;
    this.kept = keptState.flatMap(this::confirmed);
    this.folded = kept.orElseGet(() -> JournalState.beforeGenesis(anchor));
  }

  @Override
  public Optional<RecordHash> validHash(long seq) {
    JournalState state = stateAt(seq);
    return state.lastValidSeq() == seq && seq > 0
        ? Optional.of(state.mustHead().last().hash())
        : Optional.empty();
  }

  @Override
  public Iterable<AppliedRecord> from(long seq) {
    return () -> new Records(stateAt(seq - 1), slots.highestListed(0));
  }

  /** A record with what the journal wants kept beside it. */
  static AppliedRecord applied(Verdict.Valid valid) {
    return new AppliedRecord(
        valid.record().hash(),
        valid.record().body(),
        ByteString.copyFrom(JournalStateCodec.encode(valid.after())));
  }

  /** Judges on from the last place asked for, or the kept one, if that lies before. */
  private JournalState stateAt(long seq) {
    if (kept.isPresent() && kept.get().lastValidSeq() == seq) {
      return kept.get();
    }
    JournalState from =
        folded.nextSeq() <= seq + 1
            ? folded
            : kept.filter(state -> state.lastValidSeq() < seq)
                .orElseGet(() -> JournalState.beforeGenesis(anchor));
    folded = replay.fold(from, seq, slots::read);
    return folded;
  }

  /** The kept state, if the vault still holds the record that it stands on. */
  private Optional<JournalState> confirmed(ByteString bytes) {
    try {
      JournalState state = JournalStateCodec.parse(anchor, bytes.toByteArray());
      long seq = state.lastValidSeq();
      return slots
          .read(seq)
          .filter(record -> Replay.hashOf(record).equals(state.mustHead().last().hash()))
          .map(record -> state);
    } catch (HoldfastException e) {
      return Optional.empty(); // then the journal is read from its beginning
    }
  }

  private final class Records implements Iterator<AppliedRecord> {
    private final long shown;
    private JournalState state;
    private AppliedRecord next;

    Records(JournalState from, long shown) {
      this.state = from;
      this.shown = shown;
      advance();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public AppliedRecord next() {
      if (next == null) {
        throw new NoSuchElementException("the journal ends here");
      }
      AppliedRecord record = next;
      advance();
      return record;
    }

    private void advance() {
      next = null;
      while (next == null) {
        Optional<byte[]> bytes = slots.read(state.nextSeq());
        if (bytes.isEmpty() && state.nextSeq() > shown) {
          return;
        }
        JournalState before = state;
        take(
            bytes
                .map(there -> replay.judge(before, ByteString.copyFrom(there)))
                .orElseGet(() -> replay.missing(before)));
      }
    }

    private void take(Verdict verdict) {
      switch (verdict) {
        case Verdict.Valid valid -> {
          next = applied(valid);
          state = valid.after();
        }
        case Verdict.Outvoted outvoted -> state = outvoted.after();
        case Verdict.Damaged damaged -> {
          state = damaged.after();
          throw damaged.damage().toException();
        }
        case Verdict.Rewind rewind -> take(replay.resolve(rewind, slots::read));
      }
    }
  }
}
