package io.holdfast.common.sealing;

/** A buffer that grows to the largest use it saw, in steps of 256 KiB, and is used over. */
final class Scratch {
  private static final int STEP = 256 << 10;

  private byte[] bytes = {};

  /** An array of at least {@code length} bytes; what an earlier call gave is lost to its user. */
  byte[] atLeast(int length) {
    if (bytes.length < length) {
      bytes = new byte[(length + STEP - 1) / STEP * STEP];
    }
    return bytes;
  }
}
