package io.holdfast.coordinator.sweep.model;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The registered packs, each of one or two entries. Which pack came first says nothing (what does
 * is a flag of its entries), so they are kept sorted: two histories that differ in order only are
 * one state.
 */
final class Packs {
  static final Packs NONE = new Packs(new long[0]);
  private static final long LOW = 0xFFFF_FFFFL;

  private final long[] words;

  private Packs(long[] words) {
    this.words = words;
  }

  int count() {
    return words.length;
  }

  /** Twice the packs: every second one may be {@link Entry#NONE}. */
  int slots() {
    return 2 * words.length;
  }

  Entry at(int slot) {
    long word = words[slot >> 1];
    return new Entry((int) ((slot & 1) == 0 ? word : word >>> 32));
  }

  boolean any(Predicate<Entry> wanted) {
    for (int slot = 0; slot < slots(); slot++) {
      Entry entry = at(slot);
      if (entry.exists() && wanted.test(entry)) {
        return true;
      }
    }
    return false;
  }

  int countOf(Predicate<Entry> wanted) {
    int found = 0;
    for (int slot = 0; slot < slots(); slot++) {
      Entry entry = at(slot);
      found += entry.exists() && wanted.test(entry) ? 1 : 0;
    }
    return found;
  }

  /** Whether some entry of pack {@code pack} is wanted. */
  boolean anyOf(int pack, Predicate<Entry> wanted) {
    Entry first = at(2 * pack);
    Entry second = at(2 * pack + 1);
    return wanted.test(first) || (second.exists() && wanted.test(second));
  }

  Packs plus(Entry first, Entry second) {
    long[] more = Arrays.copyOf(words, words.length + 1);
    more[words.length] = word(first, second);
    return sorted(more);
  }

  Packs without(int pack) {
    long[] fewer = new long[words.length - 1];
    System.arraycopy(words, 0, fewer, 0, pack);
    System.arraycopy(words, pack + 1, fewer, pack, fewer.length - pack);
    return new Packs(fewer);
  }

  /** These if nothing changes. */
  Packs map(UnaryOperator<Entry> change) {
    long[] changed = words.clone();
    for (int pack = 0; pack < words.length; pack++) {
      changed[pack] = word(change(change, 2 * pack), change(change, 2 * pack + 1));
    }
    return Arrays.equals(changed, words) ? this : sorted(changed);
  }

  Packs mapAt(int slot, UnaryOperator<Entry> change) {
    long[] changed = words.clone();
    Entry now = change.apply(at(slot));
    changed[slot >> 1] = (slot & 1) == 0 ? word(now, at(slot + 1)) : word(at(slot - 1), now);
    return sorted(changed);
  }

  private Entry change(UnaryOperator<Entry> change, int slot) {
    Entry entry = at(slot);
    return entry.exists() ? change.apply(entry) : entry;
  }

  void digest(Digest digest) {
    digest.add(words.length);
    for (long word : words) {
      digest.add(word);
    }
  }

  private static long word(Entry first, Entry second) {
    return (first.bits() & LOW) | ((long) second.bits() << 32);
  }

  private static Packs sorted(long[] words) {
    Arrays.sort(words);
    return new Packs(words);
  }
}
