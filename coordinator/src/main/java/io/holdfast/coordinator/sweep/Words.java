package io.holdfast.coordinator.sweep;

import io.holdfast.proto.stored.v1.SweepCompleted;

/** What a sweep did, for logs. */
final class Words {
  private Words() {}

  static String of(SweepCompleted done) {
    return done.getMarkedEntries()
        + " references followed over "
        + done.getPacks()
        + " packs, "
        + done.getCondemnedEntries()
        + " entries condemned ("
        + done.getCondemnedBytes()
        + " bytes), "
        + done.getSurplusEntries()
        + " second copies ("
        + done.getSurplusBytes()
        + " bytes), "
        + done.getRewrittenPacks()
        + " packs rewritten, "
        + done.getDeletedPacks()
        + " deleted ("
        + done.getDeletedBytes()
        + " bytes), in "
        + done.getDurationMillis()
        + " ms";
  }
}
