package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A journal in memory that answers what it was told to, in order, and the truth after that. */
public final class MemorySlots implements JournalSlots {
  private final ConcurrentSkipListMap<Long, byte[]> slots = new ConcurrentSkipListMap<>();
  private final ArrayDeque<SlotOutcome> answers = new ArrayDeque<>();
  private final ArrayDeque<Boolean> landings = new ArrayDeque<>();
  private int unansweredReads;
  private int creates;
  private long listedMax = Long.MAX_VALUE;

  /** The next create is answered so; {@code lands} says whether it is done all the same. */
  public void answerNext(SlotOutcome outcome, boolean lands) {
    answers.add(outcome);
    landings.add(lands);
  }

  void leaveReadsUnanswered(int count) {
    unansweredReads = count;
  }

  /** Lists show nothing above {@code seq}. */
  void listOnlyTo(long seq) {
    listedMax = seq;
  }

  int creates() {
    return creates;
  }

  Map<Long, byte[]> slots() {
    return slots;
  }

  /** Does what no coordinator can: changes a slot. */
  public void replace(long seq, byte[] bytes) {
    slots.put(seq, bytes);
  }

  void put(Verdict.Valid draft) {
    slots.put(draft.seq(), draft.record().bytes().toByteArray());
  }

  @Override
  public synchronized SlotOutcome create(long seq, byte[] record) {
    creates++;
    if (!answers.isEmpty()) {
      if (landings.remove()) {
        slots.putIfAbsent(seq, record);
      }
      return answers.remove();
    }
    return slots.putIfAbsent(seq, record) == null
        ? new SlotOutcome.Created()
        : new SlotOutcome.Exists();
  }

  @Override
  public synchronized Optional<byte[]> read(long seq) {
    if (unansweredReads > 0) {
      unansweredReads--;
      throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "no answer");
    }
    return Optional.ofNullable(slots.get(seq));
  }

  @Override
  public long highestListed(long above) {
    long highest = slots.isEmpty() ? 0 : slots.lastKey();
    return Math.max(above, Math.min(highest, listedMax));
  }
}
