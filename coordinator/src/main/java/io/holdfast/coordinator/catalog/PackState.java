package io.holdfast.coordinator.catalog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What has become of a pack since it was registered. Its row: flags (1: bit 0 lost, bit 1 footer
 * unread, bit 2 deleted), located entries by kind (4 each: data, bundle, block map, page, snapshot
 * copy), their sealed and plain bytes (8 each), then five bitmaps over the entries, proven,
 * checked, gone, condemned and written off, each as length (4) and bytes without trailing zeros.
 *
 * <p>Readers treat it as immutable; only apply changes it, before it writes it.
 */
public final class PackState {
  private static final int LOST = 1;
  private static final int UNREAD = 2;
  private static final int DELETED = 4;
  private static final int FIXED_BYTES = 1 + 4 * EntryKind.COUNT + 16 + 20;

  private boolean lost;
  private boolean unread;
  private boolean deleted;
  private final int[] located = new int[EntryKind.COUNT];
  private long sealedBytes;
  private long plainBytes;
  private BitSet proven = new BitSet();
  private BitSet checked = new BitSet();
  private BitSet gone = new BitSet();
  private BitSet condemned = new BitSet();
  private BitSet writtenOff = new BitSet();

  PackState() {}

  static PackState of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    PackState state = new PackState();
    int flags = in.get();
    state.lost = (flags & LOST) != 0;
    state.unread = (flags & UNREAD) != 0;
    state.deleted = (flags & DELETED) != 0;
    for (int kind = 0; kind < EntryKind.COUNT; kind++) {
      state.located[kind] = in.getInt();
    }
    state.sealedBytes = in.getLong();
    state.plainBytes = in.getLong();
    state.proven = bits(in);
    state.checked = bits(in);
    state.gone = bits(in);
    state.condemned = bits(in);
    state.writtenOff = bits(in);
    return state;
  }

  byte[] toRow() {
    byte[] provenBytes = proven.toByteArray();
    byte[] checkedBytes = checked.toByteArray();
    byte[] goneBytes = gone.toByteArray();
    byte[] condemnedBytes = condemned.toByteArray();
    byte[] writtenOffBytes = writtenOff.toByteArray();
    ByteBuffer out =
        ByteBuffer.allocate(
            FIXED_BYTES
                + provenBytes.length
                + checkedBytes.length
                + goneBytes.length
                + condemnedBytes.length
                + writtenOffBytes.length);
    out.put((byte) ((lost ? LOST : 0) | (unread ? UNREAD : 0) | (deleted ? DELETED : 0)));
    for (int count : located) {
      out.putInt(count);
    }
    out.putLong(sealedBytes).putLong(plainBytes);
    put(out, provenBytes);
    put(out, checkedBytes);
    put(out, goneBytes);
    put(out, condemnedBytes);
    put(out, writtenOffBytes);
    return out.array();
  }

  /** Whether the whole pack was recorded as lost, or is deleted. */
  public boolean isLost() {
    return lost;
  }

  /** Whether a rebuild took the pack in without its footer. */
  public boolean isUnread() {
    return unread;
  }

  /** Whether a sweep deleted the pack; it counts as lost, and nothing needs it. */
  public boolean isDeleted() {
    return deleted;
  }

  /**
   * Whether the entry's sealed bytes are there, as far as the journal knows, and may be rested on.
   */
  public boolean isPresent(int entry) {
    return isReadable(entry) && !condemned.get(entry);
  }

  /** Whether the entry's sealed bytes are there, condemned or not. */
  public boolean isReadable(int entry) {
    return !lost && !gone.get(entry);
  }

  public boolean isCondemned(int entry) {
    return condemned.get(entry);
  }

  public int condemnedEntries() {
    return condemned.cardinality();
  }

  /**
   * Entries that are lost and would be of use if their bytes were there again: neither condemned
   * nor written off, as those are that failed their proof, and those that were found again and
   * stored anew.
   */
  public BitSet sought() {
    BitSet sought = (BitSet) gone.clone();
    sought.andNot(condemned);
    sought.andNot(writtenOff);
    return deleted ? new BitSet() : sought;
  }

  /** Whether the entry was unsealed at this site and its id recomputed. */
  public boolean isProven(int entry) {
    return proven.get(entry);
  }

  /** Whether the entry's sealed bytes were re-read and found as written; proven ones count. */
  public boolean isChecked(int entry) {
    return checked.get(entry);
  }

  public int provenEntries() {
    return proven.cardinality();
  }

  public int checkedEntries() {
    return checked.cardinality();
  }

  /** Whether any of {@code entries} is proven. */
  boolean isAnyProven(BitSet entries) {
    return proven.intersects(entries);
  }

  void markUnread() {
    unread = true;
  }

  void addLocated(EntryKind kind, long sealed, long plain) {
    located[kind.place()]++;
    sealedBytes += sealed;
    plainBytes += plain;
  }

  void prove(BitSet entries) {
    proven.or(entries);
    checked.or(entries);
  }

  void check(BitSet entries) {
    checked.or(entries);
  }

  void lose(BitSet entries) {
    gone.or(entries);
  }

  /** Nobody looks for these any more; they are lost besides. */
  void writeOff(BitSet entries) {
    writtenOff.or(entries);
  }

  /** Loses the whole pack: from here on it makes no difference whether its footer was ever read. */
  void loseAll(BitSet entries) {
    lost = true;
    unread = false;
    gone.or(entries);
    Arrays.fill(located, 0);
    sealedBytes = 0;
    plainBytes = 0;
  }

  /**
   * Condemns {@code entries}.
   *
   * @return how many of them weren't before
   */
  int condemn(BitSet entries) {
    int before = condemned.cardinality();
    condemned.or(entries);
    return condemned.cardinality() - before;
  }

  /** Forgets all but that there was such a pack. */
  void delete() {
    lost = true;
    deleted = true;
    unread = false;
    proven = new BitSet();
    checked = new BitSet();
    gone = new BitSet();
    condemned = new BitSet();
    writtenOff = new BitSet();
    Arrays.fill(located, 0);
    sealedBytes = 0;
    plainBytes = 0;
  }

  /** Entries that are lost. */
  public int goneEntries() {
    return gone.cardinality();
  }

  int located(EntryKind kind) {
    return located[kind.place()];
  }

  /** Sealed bytes of all its locations; none once it is lost as a whole. */
  public long sealedBytes() {
    return sealedBytes;
  }

  long plainBytes() {
    return plainBytes;
  }

  private static BitSet bits(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return BitSet.valueOf(bytes);
  }

  private static void put(ByteBuffer out, byte[] bitmap) {
    out.putInt(bitmap.length).put(bitmap);
  }
}
