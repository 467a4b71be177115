package io.holdfast.common.sealing;

/** What the body of a sealed chunk is, once decrypted. Numbers are stored and never reused. */
public enum Codec {
  /** The plaintext itself. */
  RAW(0),
  /** Exactly one zstd frame that names its content size. */
  ZSTD(1);

  private final int number;

  Codec(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
