package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The packs that were registered. */
public final class PackQueries {
  private final Reads reads;

  PackQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<KnownPack> find(PackId id) {
    return reads
        .get(Families.PACK_NUMBERS, id.toByteArray())
        .map(number -> KnownPack.get(reads::get, ByteBuffer.wrap(number).getInt()));
  }

  /** Hands every pack to {@code visitor}, in the order of registration. */
  public void forEach(Consumer<KnownPack> visitor) {
    try (Cursor cursor = reads.cursor(Families.PACK_STATES)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        visitor.accept(KnownPack.get(reads::get, ByteBuffer.wrap(cursor.key()).getInt()));
      }
    }
  }

  /**
   * At most {@code limit} packs whose numbers are {@code firstNumber} or higher, in the order of
   * registration: for work that takes longer than a view may be held.
   */
  public List<KnownPack> from(int firstNumber, int limit) {
    List<KnownPack> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.PACK_STATES)) {
      boolean more = cursor.seek(new byte[0], Keys.number(firstNumber));
      for (; more && found.size() < limit; more = cursor.next()) {
        found.add(KnownPack.get(reads::get, ByteBuffer.wrap(cursor.key()).getInt()));
      }
    }
    return found;
  }

  /**
   * Packs whose footers a rebuild found gone and whose loss isn't recorded yet. The leader records
   * it; until then this coordinator lacks their locations.
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
