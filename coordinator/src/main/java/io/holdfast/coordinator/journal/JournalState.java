package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a reader of the journal stands: the value that {@link Replay} folds over the slots. Readers
 * at the same slot of the same journal have equal states.
 *
 * @param nextSeq the slot to be judged next
 * @param head what the valid records say; empty before genesis
 * @param voids the void records since the last valid one, which the next one has to name
 * @param damage the lowest damage since the last valid record
 * @param highestTermSeen over valid and void records: the next leader starts above it
 */
public record JournalState(
    JournalAnchor anchor,
    long nextSeq,
    Optional<JournalHead> head,
    List<SlotHash> voids,
    Optional<Damage> damage,
    long highestTermSeen) {
  /** Before the first record. */
  public static JournalState beforeGenesis(JournalAnchor anchor) {
    return new JournalState(anchor, 1, Optional.empty(), List.of(), Optional.empty(), 0);
  }

  /** Right after a valid record. */
  static JournalState after(JournalAnchor anchor, JournalHead head, long highestTermSeen) {
    return new JournalState(
        anchor,
        head.last().seq() + 1,
        Optional.of(head),
        List.of(),
        Optional.empty(),
        Math.max(highestTermSeen, head.authority().term()));
  }

  /** Seq of the last valid record, 0 if there is none. */
  public long lastValidSeq() {
    return head.map(last -> last.last().seq()).orElse(0L);
  }

  /**
   * The head of a journal that is known to have begun.
   *
   * @throws HoldfastException OBJECT_NOT_FOUND before genesis
   */
  public JournalHead mustHead() {
    return head.orElseThrow(() ->
        new HoldfastException(
            ErrorCode.OBJECT_NOT_FOUND,
            "the journal has no first record: create the repository, or check the vault's"
                + " address"));
  }

  /** This state with {@code seq} to be judged next: everything between counts for nothing. */
  JournalState jumpTo(long seq) {
    return new JournalState(anchor, seq, head, List.of(), Optional.empty(), highestTermSeen);
  }

  JournalState withVoid(JournalRecord record) {
    return new JournalState(
        anchor,
        nextSeq + 1,
        head,
        Stream.concat(voids.stream(), Stream.of(new SlotHash(nextSeq, record.hash()))).toList(),
        damage,
        Math.max(highestTermSeen, record.term()));
  }

  JournalState withDamage(Damage found) {
    return new JournalState(
        anchor, nextSeq + 1, head, voids, Optional.of(damage.orElse(found)), highestTermSeen);
  }
}
