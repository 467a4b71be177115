package io.holdfast.agent.walk;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.StatBuffer;
import java.util.Arrays;

/**
 * Described names in columns rather than objects: about a hundred bytes an entry, and nothing for
 * the collector to trace. Filled by one thread, then only read.
 */
final class Columns {
  /** The walk goes into this directory. */
  static final int DESCEND = 1;

  /** All content of this directory belongs to the walk, not only what leads to roots. */
  static final int BELONGS = 2;

  private static final int GAP = 4;
  private static final int LONGS_A_ROW = 8;
  private static final int INTS_A_ROW = 4;
  private static final int BYTES_A_ROW =
      LONGS_A_ROW * Long.BYTES + (INTS_A_ROW + 1) * Integer.BYTES + 2;
  private static final byte[] NO_NAME = new byte[0];

  private final NameTable names;
  private long[] longs;
  private int[] ints;
  private byte[] flags;
  private Object[] extras;
  private int rows;

  Columns(int capacity) {
    names = new NameTable(Math.max(1, capacity));
    longs = new long[capacity * LONGS_A_ROW];
    ints = new int[capacity * INTS_A_ROW];
    flags = new byte[capacity];
  }

  void addGap(WalkGap gap) {
    if (rows == flags.length) {
      grow();
    }
    names.add(NO_NAME);
    flags[rows] = GAP;
    setExtra(gap);
    rows++;
  }

  private void grow() {
    int capacity = 2 * rows + 1;
    longs = Arrays.copyOf(longs, capacity * LONGS_A_ROW);
    ints = Arrays.copyOf(ints, capacity * INTS_A_ROW);
    flags = Arrays.copyOf(flags, capacity);
    extras = extras == null ? null : Arrays.copyOf(extras, capacity);
  }

  private void setExtra(Object extra) {
    if (extras == null) {
      extras = new Object[flags.length];
    }
    extras[rows] = extra;
  }

  void addEntry(byte[] bytes, int from, int length, StatBuffer stat, int rowFlags) {
    if (rows == flags.length) {
      grow();
    }
    names.add(bytes, from, length);
    flags[rows] = (byte) rowFlags;
    int at = rows * LONGS_A_ROW;
    longs[at] = stat.sizeBytes();
    longs[at + 1] = stat.blocks();
    longs[at + 2] = stat.device();
    longs[at + 3] = stat.inode();
    longs[at + 4] = stat.representedDevice();
    longs[at + 5] = stat.modifySeconds();
    longs[at + 6] = stat.changeSeconds();
    longs[at + 7] = ((long) stat.modifyNanos() << 32) | stat.changeNanos();
    int intAt = rows * INTS_A_ROW;
    ints[intAt] = stat.mode();
    ints[intAt + 1] = stat.uid();
    ints[intAt + 2] = stat.gid();
    ints[intAt + 3] = stat.linkCount();
    rows++;
  }

  /** A symbolic link with its target. */
  void addSymlink(byte[] bytes, int from, int length, StatBuffer stat, byte[] target) {
    if (rows == flags.length) {
      grow();
    }
    setExtra(target);
    addEntry(bytes, from, length, stat, 0);
  }

  int rows() {
    return rows;
  }

  NameTable names() {
    return names;
  }

  /** The gap in this row, or null if it is an entry. */
  WalkGap gap(int row) {
    return flags[row] == GAP ? (WalkGap) extras[row] : null;
  }

  boolean isDescended(int row) {
    return (flags[row] & DESCEND) != 0;
  }

  /** Whether all content of the directory in this row belongs to the walk. */
  boolean belongs(int row) {
    return (flags[row] & BELONGS) != 0;
  }

  /** The first row at or behind {@code row} that is descended into; {@link #rows} if none is. */
  int descendedFrom(int row) {
    int at = row;
    while (at < rows && !isDescended(at)) {
      at++;
    }
    return at;
  }

  long byteCount() {
    return (long) rows * BYTES_A_ROW + names.byteCount();
  }

  /** The target of the symbolic link in this row. */
  byte[] symlinkTarget(int row) {
    return (byte[]) extras[row];
  }

  int mode(int row) {
    return ints[row * INTS_A_ROW];
  }

  int uid(int row) {
    return ints[row * INTS_A_ROW + 1];
  }

  int gid(int row) {
    return ints[row * INTS_A_ROW + 2];
  }

  int linkCount(int row) {
    return ints[row * INTS_A_ROW + 3];
  }

  long sizeBytes(int row) {
    return longs[row * LONGS_A_ROW];
  }

  long blocks(int row) {
    return longs[row * LONGS_A_ROW + 1];
  }

  long device(int row) {
    return longs[row * LONGS_A_ROW + 2];
  }

  long inode(int row) {
    return longs[row * LONGS_A_ROW + 3];
  }

  long representedDevice(int row) {
    return longs[row * LONGS_A_ROW + 4];
  }

  long modifySeconds(int row) {
    return longs[row * LONGS_A_ROW + 5];
  }

  long changeSeconds(int row) {
    return longs[row * LONGS_A_ROW + 6];
  }

  int modifyNanos(int row) {
    return (int) (longs[row * LONGS_A_ROW + 7] >>> 32);
  }

  int changeNanos(int row) {
    return (int) longs[row * LONGS_A_ROW + 7];
  }

  FileStat stat(int row) {
    return new FileStat(
        mode(row),
        uid(row),
        gid(row),
        sizeBytes(row),
        blocks(row),
        linkCount(row),
        device(row),
        inode(row),
        representedDevice(row),
        modifySeconds(row),
        modifyNanos(row),
        changeSeconds(row),
        changeNanos(row));
  }
}
