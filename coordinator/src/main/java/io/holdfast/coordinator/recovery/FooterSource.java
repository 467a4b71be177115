package io.holdfast.coordinator.recovery;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.pack.PackTail;
import io.holdfast.common.pack.PackTrailer;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.rebuild.JournalView;
import io.holdfast.coordinator.catalog.store.Batch;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.catalog.store.RocksStore;
import io.holdfast.coordinator.journal.SnapshotCopies;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotCopy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the footers of all packs tell, gathered in a store of its own: where chunks lie, and the
 * copies of snapshot records. What the journal still tells before its damage is taken in too.
 *
 * <pre>
 * places     kind (1) id (32) pack (16) entry (4)  ->  offset (4) sealed length (4) CRC-32C (4)
 * snapshots  id (32)                               ->  serialized SnapshotCopy
 * </pre>
 */
final class FooterSource implements SnapshotSource {
  private static final Family PLACES = new Family(1, "places", 33);
  private static final Family SNAPSHOTS = new Family(2, "snapshots", 0);
  private static final int BATCH_ROWS = 4_096;
  private static final int PREFIX = 33;

  private final Vault vault;
  private final PackReader packs;
  private final Optional<RootLine> roots;
  private final RecoveryFindings findings;
  private final KeyValueStore store;
  private Batch batch = new Batch();

  private FooterSource(
      Vault vault,
      PackReader packs,
      Optional<RootLine> roots,
      RecoveryFindings findings,
      KeyValueStore store) {
    this.vault = vault;
    this.packs = packs;
    this.roots = roots;
    this.findings = findings;
    this.store = store;
  }

  /**
   * Reads every footer of {@code vault}, and what of {@code journal} can be believed. What can't be
   * read is reported and left out.
   *
   * @param roots the fleet's; without them only copies whose slot the journal still has are
   *     believed
   */
  static FooterSource open(
      Vault vault,
      PackReader packs,
      Optional<RootLine> roots,
      JournalView journal,
      RecoveryFindings findings,
      Path scratch) {
    RocksStore store = RocksStore.open(scratch, List.of(PLACES, SNAPSHOTS), RocksConfig.defaults());
    FooterSource source = new FooterSource(vault, packs, roots, findings, store);
    boolean gathered = false;
    try {
      source.readJournal(journal);
      source.readPacks();
      source.write();
      gathered = true;
      return source;
    } finally {
      if (!gathered) {
        store.close();
      }
    }
  }

  // The journal, as far as it goes.

  private void readJournal(JournalView journal) {
    try {
      for (AppliedRecord record : journal.from(1)) {
        for (Mutation mutation : record.body().getMutationsList()) {
          SnapshotCopy copy =
              SnapshotCopy.newBuilder()
                  .setMutation(mutation)
                  .setSeq(record.seq())
                  .setTimeMillis(record.body().getTimeMillis())
                  .build();
          committed(copy).ifPresent(snapshot -> put(snapshotId(snapshot), copy));
        }
      }
    } catch (HoldfastException e) {
      findings.add("the journal is read up to its damage: " + e.getMessage());
    }
  }

  // The packs.

  private void readPacks() {
    vault.list(
        ObjectPrefix.of("packs/"),
        name -> {
          readPack(name);
          return true;
        });
  }

  private void readPack(ObjectName name) {
    String hex = name.value().substring(name.value().lastIndexOf('/') + 1);
    try {
      PackId pack = PackId.parse(hex);
      if (PackLayout.objectName(pack).equals(name.value())) {
        take(footer(pack, name));
      }
    } catch (HoldfastException | IllegalArgumentException e) {
      findings.add(name + " can't be used: " + e.getMessage());
    }
  }

  private PackFooter footer(PackId pack, ObjectName name) {
    try (ObjectReader reader = vault.open(name)) {
      byte[] end = end(reader, PackTail.FIRST_READ_LENGTH);
      PackTail tail = PackTail.locate(pack, end, reader.size());
      PackTrailer trailer = tail.trailer();
      return tail.footer(
          tail.tailLength() <= end.length
              ? end
              : end(reader, PackLayout.TRAILER_LENGTH + trailer.footerLength()));
    }
  }

  private static byte[] end(ObjectReader reader, int wanted) {
    byte[] bytes = new byte[(int) Math.min(wanted, reader.size())];
    reader.read(reader.size() - bytes.length, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private void take(PackFooter footer) {
    if (!footer.identity().repository().equals(vault.identity().repository())) {
      findings.add(
          "pack " + footer.identity().pack() + " is another repository's, and is left out");
      return;
    }
    for (int entry = 0; entry < footer.entries(); entry++) {
      if (footer.isSnapshotRecord(entry)) {
        takeCopy(footer, entry);
      } else {
        takePlace(footer, entry);
      }
    }
  }

  private void takePlace(PackFooter footer, int entry) {
    ByteBuffer key = ByteBuffer.allocate(PREFIX + 16 + 4);
    putRef(key, footer.chunk(entry));
    key.put(footer.identity().pack().toByteArray()).putInt(entry);
    ByteBuffer value = ByteBuffer.allocate(12);
    value.putInt(footer.offset(entry)).putInt(footer.sealedLength(entry));
    value.putInt(footer.crc32c(entry));
    batch.put(PLACES, key.array(), value.array());
    writeIfLarge();
  }

  private static void putRef(ByteBuffer out, ChunkRef chunk) {
    out.put((byte) chunk.kind().number()).put(chunk.id().toByteArray());
  }

  private void takeCopy(PackFooter footer, int entry) {
    SnapshotId id = footer.snapshot(entry);
    PackId pack = footer.identity().pack();
    try {
      byte[] bytes = packs.read(pack, footer.offset(entry), footer.sealedLength(entry));
      if (PackReader.crc32c(bytes, 0, bytes.length) != footer.crc32c(entry)) {
        throw new HoldfastException(
            ErrorCode.PACK_CORRUPT, "its bytes differ from what was written");
      }
      SnapshotCopy copy = SnapshotCopy.parseFrom(bytes);
      requireSigned(copy);
      SnapshotId said = committed(copy).map(FooterSource::snapshotId).orElse(null);
      if (!id.equals(said)) {
        throw new HoldfastException(ErrorCode.MALFORMED, "it is of another snapshot");
      }
      put(id, copy);
    } catch (HoldfastException | InvalidProtocolBufferException e) {
      findings.add(
          "the copy of snapshot " + id + " in pack " + pack + " is left out: " + e.getMessage());
    }
  }

  private void requireSigned(SnapshotCopy copy) {
    SnapshotCopies.verify(
        copy,
        roots.orElseThrow(() ->
            new HoldfastException(
                ErrorCode.CERTIFICATE_INVALID,
                "the fleet's root certificate isn't known, so nobody vouches for it")));
  }

  private static Optional<SnapshotCommitted> committed(SnapshotCopy copy) {
    try {
      Change change = Change.parseFrom(copy.getMutation().getClear());
      return change.hasSnapshotCommitted()
          ? Optional.of(change.getSnapshotCommitted())
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static SnapshotId snapshotId(SnapshotCommitted committed) {
    return SnapshotFormat.snapshotId(
        HostId.of(committed.getHost().toByteArray()),
        RunId.of(committed.getRun().toByteArray()),
        ChunkId.of(committed.getRoot().toByteArray()));
  }

  private void put(SnapshotId id, SnapshotCopy copy) {
    batch.put(SNAPSHOTS, id.toByteArray(), copy.toByteArray());
    writeIfLarge();
  }

  private void writeIfLarge() {
    if (batch.size() >= BATCH_ROWS) {
      write();
    }
  }

  private void write() {
    store.write(batch);
    batch = new Batch();
  }

  // Answers.

  @Override
  public void forEachSnapshot(Consumer<StoredSnapshot> visitor) {
    try (Cursor cursor = store.cursor(SNAPSHOTS)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        visitor.accept(stored(SnapshotId.of(cursor.key()), cursor.value()));
      }
    }
  }

  @Override
  public Optional<StoredSnapshot> find(SnapshotId id) {
    return store.get(SNAPSHOTS, id.toByteArray()).map(row -> stored(id, row));
  }

  private static StoredSnapshot stored(SnapshotId id, byte[] row) {
    try {
      SnapshotCopy copy = SnapshotCopy.parseFrom(row);
      SnapshotCommitted committed = committed(copy).orElseThrow();
      return new StoredSnapshot(
          id,
          HostId.of(committed.getHost().toByteArray()),
          copy.getSeq(),
          copy.getTimeMillis(),
          committed,
          copy.getMutation(),
          Optional.empty());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a row that was written here doesn't parse", e);
    }
  }

  @Override
  public List<Place> places(ChunkRef chunk) {
    ByteBuffer prefix = ByteBuffer.allocate(PREFIX);
    putRef(prefix, chunk);
    List<Place> places = new ArrayList<>(1);
    try (Cursor cursor = store.cursor(PLACES)) {
      for (boolean more = cursor.seek(prefix.array()); more; more = cursor.next()) {
        byte[] pack = new byte[16];
        System.arraycopy(cursor.key(), PREFIX, pack, 0, pack.length);
        ByteBuffer value = ByteBuffer.wrap(cursor.value());
        places.add(new Place(PackId.of(pack), value.getInt(), value.getInt(), value.getInt()));
      }
    }
    return places;
  }

  @Override
  public void close() {
    store.close();
  }
}
