package io.holdfast.coordinator.sweep;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * One bit for each entry of each pack, 12.5 MB for 100 million entries. Packs take their places in
 * the order of their numbers. One thread.
 */
final class EntryBits {
  private static final int WORDS_SHIFT = 13;
  static final int WORDS = 1 << WORDS_SHIFT;

  private final Places places;
  private long[][] blocks = new long[16][];

  EntryBits(Places places) {
    this.places = places;
  }

  /** Where the bits of each pack begin; shared by all bits of a mark. */
  static final class Places {
    private long[] begins = new long[1_024];
    private int packs;

    /** Numbers below this have their places. */
    int packs() {
      return packs;
    }

    /** Bits in all. */
    long size() {
      return begins[packs];
    }

    /** The next pack, whose number is {@link #packs}, has so many entries. */
    void add(int entries) {
      if (packs + 2 > begins.length) {
        begins = Arrays.copyOf(begins, begins.length * 2);
      }
      begins[packs + 1] = begins[packs] + entries;
      packs++;
    }

    private long of(int pack, int entry) {
      if (pack >= packs || begins[pack] + entry >= begins[pack + 1]) {
        throw new IllegalStateException("pack number " + pack + " has no place of " + entry);
      }
      return begins[pack] + entry;
    }

    private int entries(int pack) {
      return (int) (begins[pack + 1] - begins[pack]);
    }
  }

  /** Sets a bit; whether it was clear before. */
  boolean set(int pack, int entry) {
    long place = places.of(pack, entry);
    long[] block = block(place);
    int word = (int) (place >>> 6) & (WORDS - 1);
    long bit = 1L << place;
    boolean wasClear = (block[word] & bit) == 0;
    block[word] |= bit;
    return wasClear;
  }

  boolean get(int pack, int entry) {
    long place = places.of(pack, entry);
    int number = (int) (place >>> (6 + WORDS_SHIFT));
    if (number >= blocks.length || blocks[number] == null) {
      return false;
    }
    return (blocks[number][(int) (place >>> 6) & (WORDS - 1)] & 1L << place) != 0;
  }

  /** Clears all bits; costs as much as setting them did, not as much as there are. */
  void clear() {
    blocks = new long[16][];
  }

  /** The entries of {@code pack} whose bits are clear. */
  BitSet clearOf(int pack) {
    BitSet clear = new BitSet();
    for (int entry = 0; entry < places.entries(pack); entry++) {
      clear.set(entry, !get(pack, entry));
    }
    return clear;
  }

  /** Blocks that hold a bit, by their numbers; each has {@link #WORDS} words. */
  void forEachBlock(BlockVisitor visitor) throws IOException {
    for (int number = 0; number < blocks.length; number++) {
      if (blocks[number] != null) {
        visitor.block(number, blocks[number]);
      }
    }
  }

  int countBlocks() {
    return (int) Arrays.stream(blocks).filter(Objects::nonNull).count();
  }

  /** Takes a block over; false if the packs have no such place. */
  boolean putBlock(int number, long[] words) {
    if (number < 0 || words.length != WORDS || number > places.size() >>> (6 + WORDS_SHIFT)) {
      return false;
    }
    block((long) number << (6 + WORDS_SHIFT));
    blocks[number] = words;
    return true;
  }

  /** Told of each block. */
  interface BlockVisitor {
    void block(int number, long[] words) throws IOException;
  }

  private long[] block(long place) {
    int number = (int) (place >>> (6 + WORDS_SHIFT));
    if (number >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(number + 1, blocks.length * 2));
    }
    if (blocks[number] == null) {
      blocks[number] = new long[WORDS];
    }
    return blocks[number];
  }
}
