package io.holdfast.coordinator.journal;

/** What is known after an attempt to create a slot. {@code cause} is for people. */
public sealed interface SlotOutcome {
  /** The record is there and durable, by the vault's word. */
  record Created() implements SlotOutcome {}

  /** Something is there, and durable: perhaps this very record, from an earlier attempt. */
  record Exists() implements SlotOutcome {}

  /**
   * The record may be there, may be seen and not be durable, may land later, or never: time-out,
   * 5xx, 409, a strange errno.
   */
  record Unknown(String cause) implements SlotOutcome {}

  /** The vault is full: this attempt wrote nothing and will write nothing later. */
  record Full(String cause) implements SlotOutcome {}

  /** A sync failed: what the disk holds can't be known by asking again. */
  record SyncFailed(String cause) implements SlotOutcome {}
}
