package io.holdfast.coordinator.leadership;

import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.RecordConsumer;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.coordinator.journal.Verdict;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.ArrayList;
import java.util.List;

/** Keeps what was applied, and refuses what doesn't follow. */
final class TestCatalog implements RecordConsumer {
  private final List<Verdict.Valid> applied = new ArrayList<>();

  @Override
  public void apply(Verdict.Valid valid) {
    SlotHash expected =
        applied.isEmpty()
            ? valid.record().previous()
            : applied.getLast().slot();
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

  JournalState state() {
    return applied.isEmpty()
        ? JournalState.beforeGenesis(TestFleet.ANCHOR)
        : applied.getLast().after();
  }

  List<SlotHash> slots() {
    return applied.stream().map(Verdict.Valid::slot).toList();
  }

  List<Mutation> mutations() {
    return applied.stream().flatMap(valid -> valid.record().mutations().stream()).toList();
  }

  long lastSeq() {
    return state().lastValidSeq();
  }
}
