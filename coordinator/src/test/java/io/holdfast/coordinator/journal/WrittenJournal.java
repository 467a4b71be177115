package io.holdfast.coordinator.journal;

import io.holdfast.proto.stored.v1.Mutation;
import java.util.List;

/** A journal of the test fleet, written record by record by one leader after the other. */
public final class WrittenJournal {
  private final MemorySlots slots = new MemorySlots();
  private Verdict.Valid last = TestFleet.genesis();
  private int leader;

  public WrittenJournal() {
    slots.put(last);
  }

  public void append(Mutation... mutations) {
    last = TestFleet.drafter(leader, leader).carry(last.after(), List.of(mutations));
    slots.put(last);
  }

  /** Another coordinator leads from here on. */
  public void changeLeader() {
    leader++;
    last = TestFleet.drafter(leader, leader).startTerm(last.after());
    slots.put(last);
  }

  public MemorySlots slots() {
    return slots;
  }

  /** The last record. */
  public SlotHash head() {
    return last.slot();
  }
}
