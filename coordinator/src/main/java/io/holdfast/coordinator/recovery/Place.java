package io.holdfast.coordinator.recovery;

import io.holdfast.common.id.PackId;

/** Where sealed bytes lie, by what a footer says. */
record Place(PackId pack, int offset, int sealedLength, int crc32c) {
  static int compare(Place left, Place right) {
    int order = left.pack.compareTo(right.pack);
    return order != 0 ? order : Integer.compare(left.offset, right.offset);
  }
}
