package io.holdfast.coordinator.audit;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.RecordVerifier;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.coordinator.ledger.SlotJournal;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Reads the journal as a rebuild would, from the first record on: each has to follow the one before
 * it by its hash and to bear the signature of its term, and each sealed part has to open. One
 * thread a reading.
 */
public final class JournalVoucher {
  private static final long PROGRESS_RECORDS = 1000;

  private final JournalSlots slots;
  private final RecordVerifier verifier;
  private final JournalAnchor anchor;
  private final MutationSealer mutations;
  private final AuditWords words;

  public JournalVoucher(
      JournalSlots slots, RecordVerifier verifier, JournalAnchor anchor, MutationSealer mutations) {
    this.slots = slots;
    this.verifier = verifier;
    this.anchor = anchor;
    this.mutations = mutations;
    this.words = new AuditWords(mutations);
  }

  /**
   * What was read and found good: all of it, from the first record to the last.
   *
   * @param records valid ones, those that a later rollback took back among them
   * @param voids slots that never counted
   * @param sealedParts that were opened
   * @param entries of the audit
   */
  public record Vouched(
      long firstSeq,
      long firstMillis,
      long lastSeq,
      long lastMillis,
      RecordHash lastHash,
      long records,
      long voids,
      long terms,
      long rollbacks,
      long sealedParts,
      long entries) {}

  /**
   * Vouches for everything up to {@code head}, which was applied once; {@code progress} is told of
   * a slot now and then. JOURNAL_DAMAGED, UNKNOWN_VERSION or SIGNATURE_INVALID naming the first
   * record that it can't vouch for; the vault's errors.
   */
  public Vouched vouch(SlotHash head, LongConsumer progress) {
    SlotJournal journal = new SlotJournal(slots, new Replay(verifier), anchor, Optional.empty());
    Tally tally = new Tally();
    for (AppliedRecord record : journal.from(1)) {
      tally.add(record);
      if (tally.records % PROGRESS_RECORDS == 0) {
        progress.accept(record.seq());
      }
      if (record.seq() >= head.seq()) {
        return tally.upTo(head, record);
      }
    }
    throw damaged(head, "everything after slot " + tally.lastSeq + " is gone");
  }

  private static HoldfastException damaged(SlotHash head, String why) {
    return new HoldfastException(
        ErrorCode.JOURNAL_DAMAGED,
        "the journal does not lead to record "
            + head.seq()
            + ", which was applied here: "
            + why
            + "; heal it from another copy of the vault before this coordinator stops");
  }

  /** What was counted so far. */
  private final class Tally {
    private long firstSeq;
    private long firstMillis;
    private long lastSeq;
    private long records;
    private long voids;
    private long term;
    private long terms;
    private long rollbacks;
    private long sealedParts;
    private long entries;

    void add(AppliedRecord record) {
      RecordBody body = record.body();
      if (records == 0) {
        firstSeq = body.getSeq();
        firstMillis = body.getTimeMillis();
      }
      records++;
      voids += body.getVoidsCount();
      lastSeq = body.getSeq();
      if (body.getTerm() != term) {
        term = body.getTerm();
        terms++;
      }
      open(record);
    }

    private void open(AppliedRecord record) {
      try {
        for (Mutation mutation : record.body().getMutationsList()) {
          sealedParts += mutations.open(mutation).isPresent() ? 1 : 0;
          rollbacks += isRollback(mutation) ? 1 : 0;
        }
        entries += words.of(record.body(), record.hash()).size();
      } catch (HoldfastException e) {
        throw new HoldfastException(
            e.code(), "journal record " + record.seq() + ": " + e.getMessage(), e);
      }
    }

    private static boolean isRollback(Mutation mutation) {
      return AuditWords.change(mutation).hasRollbackAccepted();
    }

    Vouched upTo(SlotHash head, AppliedRecord last) {
      if (last.seq() != head.seq() || !last.hash().equals(head.hash())) {
        throw damaged(head, "another record stands there");
      }
      return new Vouched(
          firstSeq,
          firstMillis,
          last.seq(),
          last.body().getTimeMillis(),
          last.hash(),
          records,
          voids,
          terms,
          rollbacks,
          sealedParts,
          entries);
    }
  }
}
