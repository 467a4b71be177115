package io.holdfast.agent.walk;

import java.io.IOException;
import java.util.Set;

/** The names of one directory, ascending, in pieces; in memory or on disk. Any thread. */
sealed interface SortedNames extends AutoCloseable {
  /** Number of pieces. */
  int pieces();

  /** The names of one piece; pieces may be read in any order and at once. */
  Piece piece(int index) throws IOException;

  /** What of it counts as buffered. */
  int bufferedEntries();

  int bufferedBytes();

  /** Gives back memory or disk; after the last piece was read. */
  @Override
  void close();

  /** Consecutive names {@code [from, to)} of a table. */
  record Piece(NameTable names, int from, int to) {}

  /** Names held in memory. */
  record InMemory(NameTable names, int pieceEntries) implements SortedNames {
    @Override
    public int pieces() {
      return Math.ceilDiv(names.count(), pieceEntries);
    }

    @Override
    public Piece piece(int index) {
      int from = index * pieceEntries;
      return new Piece(names, from, Math.min(from + pieceEntries, names.count()));
    }

    @Override
    public int bufferedEntries() {
      return names.count();
    }

    @Override
    public int bufferedBytes() {
      return names.byteCount() + Integer.BYTES * names.count();
    }

    @Override
    public void close() {}
  }

  /** Names in a sorted file, one of the {@code live} ones the walk removes at its end. */
  record OnDisk(SpilledNames file, Set<SpilledNames> live) implements SortedNames {
    @Override
    public int pieces() {
      return file.pieces();
    }

    @Override
    public Piece piece(int index) throws IOException {
      NameTable names = file.read(index);
      return new Piece(names, 0, names.count());
    }

    @Override
    public int bufferedEntries() {
      return 0;
    }

    @Override
    public int bufferedBytes() {
      return Long.BYTES * file.pieces();
    }

    @Override
    public void close() {
      live.remove(file);
      file.delete();
    }
  }
}
