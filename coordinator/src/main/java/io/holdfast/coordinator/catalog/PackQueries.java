package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The packs that were registered. */
public final class PackQueries {
  private static final byte[] ALL = {};

  private final Reads reads;

  PackQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<KnownPack> find(PackId id) {
    return reads
        .get(Families.PACK_NUMBERS, id.toByteArray())
        .map(number -> KnownPack.get(reads::get, ByteBuffer.wrap(number).getInt()));
  }

  /**
   * A pack, and who said last that all of it was read, or written.
   *
   * @param by the record that says so
   */
  public record LastRead(KnownPack pack, Statement by) {
    /** Since 1970, by the coordinator's clock. */
    public long readMillis() {
      return by.timeMillis();
    }

    /** Whether it was ever read since it was written. */
    public boolean isRead() {
      return by.seq() != pack.pack().seq();
    }
  }

  /** The pack that was read longest ago; empty without packs. */
  public Optional<LastRead> leastRecentlyRead() {
    return leastRecentlyRead(1).stream().findFirst();
  }

  /** The packs that were read longest ago, the longest first, at most {@code limit}. */
  public List<LastRead> leastRecentlyRead(int limit) {
    return leastRecentlyRead(ALL, limit);
  }

  /** As the other, of those that come after {@code last} in that order. */
  public List<LastRead> leastRecentlyRead(LastRead last, int limit) {
    byte[] key = PackReads.order(last.by(), Keys.number(last.pack().pack().number()));
    return leastRecentlyRead(Arrays.copyOf(key, key.length + 1), limit);
  }

  private List<LastRead> leastRecentlyRead(byte[] from, int limit) {
    List<LastRead> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.READ_ORDER)) {
      boolean more = cursor.seek(ALL, from);
      for (; more && found.size() < limit; more = cursor.next()) {
        found.add(lastRead(ByteBuffer.wrap(cursor.key()).getInt(Long.BYTES)));
      }
    }
    return found;
  }

  private LastRead lastRead(int number) {
    Statement by =
        reads
            .get(Families.PACK_READS, Keys.number(number))
            .map(Statement::of)
            .orElseThrow(() -> KnownPack.missing(number));
    return new LastRead(KnownPack.get(reads::get, number), by);
  }

  /** Hands every pack to {@code visitor}, in the order of registration. */
  public void forEach(Consumer<KnownPack> visitor) {
    visit(
        0,
        pack -> {
          visitor.accept(pack);
          return true;
        });
  }

  /**
   * At most {@code limit} packs whose numbers are {@code firstNumber} or higher, in the order of
   * registration: for work that takes longer than a view may be held.
   */
  public List<KnownPack> from(int firstNumber, int limit) {
    List<KnownPack> found = new ArrayList<>();
    visit(
        firstNumber,
        pack -> {
          found.add(pack);
          return found.size() < limit;
        });
    return found;
  }

  /** Two cursors side by side: two look-ups a pack took seven times as long. */
  private void visit(int firstNumber, Predicate<KnownPack> more) {
    byte[] first = Keys.number(firstNumber);
    try (Cursor packs = reads.cursor(Families.PACKS);
        Cursor states = reads.cursor(Families.PACK_STATES)) {
      boolean hasPack = packs.seek(ALL, first);
      boolean hasState = states.seek(ALL, first);
      while (hasState && more.test(known(packs, hasPack, states))) {
        hasPack = packs.next();
        hasState = states.next();
      }
    }
  }

  private static KnownPack known(Cursor packs, boolean hasPack, Cursor states) {
    int number = ByteBuffer.wrap(states.key()).getInt();
    if (!hasPack || !Arrays.equals(packs.key(), states.key())) {
      throw KnownPack.missing(number);
    }
    return new KnownPack(RegisteredPack.of(number, packs.value()), PackState.of(states.value()));
  }

  /**
   * Packs whose footers a rebuild found gone and whose loss isn't recorded yet. The leader records
   * it as it starts; until then this coordinator lacks their locations, and sweeps nothing.
   */
  public List<PackId> unread() {
    List<PackId> unread = new ArrayList<>();
    forEach(known -> {
      if (known.state().isUnread()) {
        unread.add(known.pack().id());
      }
    });
    return unread;
  }
}
