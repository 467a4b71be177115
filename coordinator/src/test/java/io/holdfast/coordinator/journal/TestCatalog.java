package io.holdfast.coordinator.journal;

import io.holdfast.proto.stored.v1.Mutation;
import java.util.ArrayList;
import java.util.List;

/** Keeps what was applied, and refuses what doesn't follow. */
public final class TestCatalog implements RecordConsumer {
  private final List<Verdict.Valid> applied = new ArrayList<>();

  @Override
  public void apply(Verdict.Valid valid) {
    SlotHash expected = applied.isEmpty() ? valid.record().previous() : applied.getLast().slot();
    if (!valid.record().previous().equals(expected)) {
      throw new AssertionError("applied " + valid.record() + " after " + expected);
    }
    applied.add(valid);
  }

  @Override
  public JournalState rewind(long lastValidSeq) {
    applied.removeIf(valid -> valid.seq() > lastValidSeq);
    return state();
  }

  public JournalState state() {
    return applied.isEmpty()
        ? JournalState.beforeGenesis(TestFleet.ANCHOR)
        : applied.getLast().after();
  }

  public List<SlotHash> slots() {
    return applied.stream().map(Verdict.Valid::slot).toList();
  }

  public List<Mutation> mutations() {
    return applied.stream().flatMap(valid -> valid.record().mutations().stream()).toList();
  }

  public long lastSeq() {
    return state().lastValidSeq();
  }
}
