package io.holdfast.coordinator.proof;

import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.List;

/** Appends findings and waits until this coordinator's catalog shows them. */
final class Journalled {
  private Journalled() {}

  /** Errors of {@link JournalAppender#append}, thrown here. Does nothing without changes. */
  static void append(JournalAppender journal, List<Change> changes) throws InterruptedException {
    if (changes.isEmpty()) {
      return;
    }
    List<Mutation> mutations = changes.stream().map(MutationSealer::clear).toList();
    journal.appendNow(mutations);
  }
}
