package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;

/** What entries of a snapshot are ordered by; no two have the same. */
public record EntryKey(EntryPath path, long segmentOffset) implements Comparable<EntryKey> {
  static EntryKey of(Entry entry) {
    return new EntryKey(entry.path(), entry.segmentOffset());
  }

  static EntryKey of(EntryPath path) {
    return new EntryKey(path, 0);
  }

  @Override
  public int compareTo(EntryKey other) {
    int order = path.compareTo(other.path);
    return order != 0 ? order : Long.compare(segmentOffset, other.segmentOffset);
  }

  @Override
  public String toString() {
    return segmentOffset == 0 ? path.toString() : path + " from byte " + segmentOffset;
  }
}
