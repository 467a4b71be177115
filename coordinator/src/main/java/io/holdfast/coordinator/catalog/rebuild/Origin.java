package io.holdfast.coordinator.catalog.rebuild;

/** Where an opened catalog came from, before the rest of the journal was applied to it. */
public enum Origin {
  /** The coordinator's own directory. */
  DIRECTORY,
  /** A checkpoint in the vault. */
  CHECKPOINT,
  /** Nothing but the journal, from record 1. */
  JOURNAL
}
