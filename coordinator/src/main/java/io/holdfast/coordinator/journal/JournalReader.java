package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Optional;

/**
 * Follows a journal: reads slot after slot, judges each with {@link Replay}, gives the valid
 * records to a consumer, and refuses a journal that is shorter than, or different from, what was
 * seen before.
 *
 * <p>Invariants: (R1) the consumer gets every valid record once and in order, except after {@link
 * RecordConsumer#rewind}; (R2) an empty slot ends the reading only if no list or memory shows a
 * higher one: a list is asked before the slots are read, so what it shows must be there; (R3)
 * damage is never passed but by a rollback record above it, and it is looked at anew each time,
 * since it may be healed.
 *
 * <p>One owner thread.
 */
public final class JournalReader {
  private final JournalSlots slots;
  private final Replay replay;
  private final RecordConsumer consumer;
  private JournalState state;
  private Optional<JournalMark> unconfirmed;

  /**
   * @param from where the consumer stands
   * @param remembered the highest place seen earlier; a journal that doesn't reach it is refused
   */
  public JournalReader(
      JournalSlots slots,
      Replay replay,
      RecordConsumer consumer,
      JournalState from,
      Optional<JournalMark> remembered) {
    this.slots = slots;
    this.replay = replay;
    this.consumer = consumer;
    this.state = from;
    this.unconfirmed = remembered;
  }

  /** After the last slot that was read without damage. */
  public JournalState state() {
    return state;
  }

  /** Goes on from where a writer of the same consumer stopped. */
  public void resume(JournalState from) {
    state = from;
  }

  /**
   * Reads up to the first empty slot, asking the list first whether there must be more, and looking
   * whether the vault still holds the last record that was read.
   *
   * @param shownElsewhere the highest slot that an announcement or receipt shows, 0 for none
   * @throws HoldfastException JOURNAL_DAMAGED or UNKNOWN_VERSION at damage, JOURNAL_ROLLED_BACK if
   *     what was remembered isn't there, VAULT_FOREIGN for another site's journal,
   *     VAULT_UNAVAILABLE; what was read before stays applied, and the next call goes on from there
   */
  public JournalState catchUp(long shownElsewhere) {
    long shown = Math.max(slots.highestListed(state.lastValidSeq()), shownElsewhere);
    confirmStart();
    confirmPassed();
    read(shown);
    requireRemembered();
    return state;
  }

  /** As {@link #catchUp}, without the list and the look back: one read if nothing is new. */
  public JournalState poll() {
    read(0);
    return state;
  }

  private void requireRemembered() {
    if (unconfirmed.isPresent()) {
      throw rolledBack(unconfirmed.get().slot(), "it ends at slot " + state.lastValidSeq());
    }
  }

  /** {@code shown} is the highest slot known to exist. Stops at an empty slot above it. */
  private void read(long shown) {
    JournalState current = state;
    Optional<Verdict> verdict = judgeNext(current, shown);
    while (verdict.isPresent()) {
      current = take(current, verdict.get());
      if (current.damage().isEmpty()) {
        state = current;
      }
      requireWithinScan(current);
      verdict = judgeNext(current, shown);
    }
    throwIfDamaged(current);
  }

  /** What the next slot means; empty if the journal ends here. */
  private Optional<Verdict> judgeNext(JournalState current, long shown) {
    Optional<byte[]> bytes = slots.read(current.nextSeq());
    if (bytes.isEmpty() && current.nextSeq() > shown) {
      return Optional.empty();
    }
    return Optional.of(
        bytes
            .map(there -> replay.judge(current, ByteString.copyFrom(there)))
            .orElseGet(() -> replay.missing(current)));
  }

  private static void throwIfDamaged(JournalState current) {
    current
        .damage()
        .ifPresent(damage -> {
          throw damage.toException();
        });
  }

  private static void requireWithinScan(JournalState current) {
    boolean tooFar =
        current
            .damage()
            .filter(
                lowest -> current.nextSeq() - lowest.seq() > JournalLimits.DAMAGED_SLOTS_READ_MAX)
            .isPresent();
    if (tooFar) {
      throwIfDamaged(current);
    }
  }

  /** Acts on a verdict and answers the state after it. */
  private JournalState take(JournalState before, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Valid valid -> {
        compareSite(valid.after().mustHead());
        compare(before, valid.slot());
        consumer.apply(valid);
        yield valid.after();
      }
      case Verdict.Outvoted(SlotHash slot, var reason, JournalState after) -> {
        compare(before, slot);
        yield after;
      }
      case Verdict.Damaged(var damage, JournalState after) -> after;
      case Verdict.Rewind rewind -> takeRewind(before, rewind);
    };
  }

  private JournalState takeRewind(JournalState before, Verdict.Rewind rewind) {
    Verdict verdict = replay.resolve(rewind, slots::read);
    if (!(verdict instanceof Verdict.Valid)) {
      return take(before, verdict);
    }
    JournalState current = consumer.rewind(rewind.lastValidSeq());
    while (current.nextSeq() <= rewind.lastValidSeq()) {
      current = take(current, judgeNext(current, rewind.lastValidSeq()).orElseThrow());
    }
    return take(current, verdict);
  }

  private void compareSite(JournalHead head) {
    unconfirmed
        .filter(mark -> !mark.site().equals(head.site()))
        .ifPresent(mark -> {
          throw new HoldfastException(
              ErrorCode.VAULT_FOREIGN,
              "the vault holds the journal of site "
                  + head.site()
                  + ", this coordinator follows that of "
                  + mark.site()
                  + ": check the vault's address");
        });
  }

  /**
   * Holds the journal against the memory as it passes the remembered slot: it holds the same
   * record, or a rollback above it explains why it doesn't.
   */
  private void compare(JournalState before, SlotHash found) {
    if (unconfirmed.isEmpty() || found.seq() < unconfirmed.get().slot().seq()) {
      return;
    }
    JournalMark mark = unconfirmed.get();
    if (!found.equals(mark.slot()) && !isRolledBack(before, mark.slot().seq())) {
      throw rolledBack(mark.slot(), "that slot now holds another record, or none");
    }
    unconfirmed = Optional.empty();
  }

  private boolean isRolledBack(JournalState from, long seq) {
    return replay.fold(from, slots.highestListed(seq), slots::read).mustHead().rolledBack(seq);
  }

  /**
   * The record where the consumer stands must be in its slot: a vault that lost it looks like a
   * journal with nothing new.
   */
  private void confirmStart() {
    if (state.head().isEmpty()) {
      return;
    }
    SlotHash last = state.head().get().last();
    if (!holds(last) && !isRolledBack(state, last.seq())) {
      throw rolledBack(last, "that slot now holds another record, or none");
    }
  }

  /** A memory that the start has passed already: read() won't meet its slot. */
  private void confirmPassed() {
    if (unconfirmed.isEmpty() || unconfirmed.get().slot().seq() > state.lastValidSeq()) {
      return;
    }
    SlotHash seen = unconfirmed.get().slot();
    compareSite(state.mustHead());
    if (!holds(seen) && !isRolledBack(state, seen.seq())) {
      throw rolledBack(seen, "that slot now holds another record, or none");
    }
    unconfirmed = Optional.empty();
  }

  private boolean holds(SlotHash slot) {
    return slots
        .read(slot.seq())
        .filter(bytes -> RecordCodec.hash(ByteString.copyFrom(bytes)).equals(slot.hash()))
        .isPresent();
  }

  private static HoldfastException rolledBack(SlotHash seen, String but) {
    return new HoldfastException(
        ErrorCode.JOURNAL_ROLLED_BACK,
        "this coordinator saw the journal at slot "
            + seen.seq()
            + ", but "
            + but
            + ": the vault was set back or replaced; restore the newer vault, or accept a"
            + " rollback");
  }
}
