package io.holdfast.common.sealing;

/** How much of its own work a sealer checks before it hands a chunk out. */
public enum SealCheck {
  /** Nothing: for measurements. */
  NONE,
  /** What was compressed is decompressed and compared. Costs about a third of compressing it. */
  COMPRESSION,
  /** The finished chunk is opened and K computed anew: also finds memory that flips bits. */
  OPENING
}
