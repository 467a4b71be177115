package io.holdfast.coordinator.journal;

/** The consumer of an operator's command: keeps nothing. */
public final class NoCatalog implements RecordConsumer {
  @Override
  public void apply(Verdict.Valid valid) {}

  @Override
  public JournalState rewind(long lastValidSeq) {
    return JournalState.beforeGenesis(TestFleet.ANCHOR);
  }
}
