package io.holdfast.coordinator.proof;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.LossCause;

/** What re-reading one entry told. */
sealed interface Reading {
  /** The sealed bytes are those that were written: a region of an array. */
  final class Intact implements Reading {
    private final byte[] bytes;
    private final int offset;
    private final int length;

    Intact(byte[] bytes, int offset, int length) {
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
    }

    byte[] bytes() {
      return bytes;
    }

    int offset() {
      return offset;
    }

    int length() {
      return length;
    }
  }

  /** Found bad by two readings on different paths. */
  record Lost(LossCause cause, HoldfastException why) implements Reading {}

  /** Nothing can be told now: a store that doesn't answer says nothing about any entry. */
  record Untold(HoldfastException why) implements Reading {}
}
