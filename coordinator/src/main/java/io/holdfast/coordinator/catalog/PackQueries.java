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
   * A pack and when all of it was read last, or written.
   *
   * @param readMillis since 1970, by the coordinator's clock
   */
  public record LastRead(KnownPack pack, long readMillis) {}

  /** The packs that were read longest ago, the longest first, at most {@code limit}. */
  public List<LastRead> leastRecentlyRead(int limit) {
    List<LastRead> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.READ_ORDER)) {
      for (boolean more = cursor.seek(ALL); more && found.size() < limit; more = cursor.next()) {
        ByteBuffer key = ByteBuffer.wrap(cursor.key());
        long millis = key.getLong() ^ Long.MIN_VALUE;
        found.add(new LastRead(KnownPack.get(reads::get, key.getInt()), millis));
      }
    }
    return found;
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
