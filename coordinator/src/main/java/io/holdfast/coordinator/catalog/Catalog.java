package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.catalog.store.Batch;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.proto.stored.v1.RecordBody;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The catalog: what the journal says, arranged for look-up.
 *
 * <ol>
 *   <li>I1: only {@link #apply} changes it, and apply is a function of the records and the footers
 *       they name.
 *   <li>I2: a record's effects, its seq and its hash become visible and durable together.
 *   <li>I3: a record is applied only onto the valid predecessor that it names, by seq and hash.
 * </ol>
 *
 * <p>One owner thread applies, flushes, checkpoints and closes; any thread may ask for {@link
 * #head} and for views.
 */
public final class Catalog implements AutoCloseable {
  /** Version of the rows' layout. A directory of another version is dropped and rebuilt. */
  public static final int FORMAT = 8;

  private final KeyValueStore store;
  private final CatalogConfig config;
  private final Apply apply;
  private volatile Optional<CatalogHead> head;
  private int unflushedRecords;

  private Catalog(KeyValueStore store, FooterSource footers, CatalogConfig config) {
    this.store = store;
    this.config = config;
    this.apply = new Apply(footers);
    this.head = store.get(Families.META, Keys.HEAD).map(CatalogHead::of);
  }

  /** The families that a store for a catalog needs. */
  public static List<Family> families() {
    return Families.ALL;
  }

  /**
   * The catalog in {@code store}, which may be empty. Owns the store from here on, unless it
   * throws: UNKNOWN_VERSION if the rows have another layout.
   */
  public static Catalog open(KeyValueStore store, FooterSource footers, CatalogConfig config) {
    Optional<byte[]> format = store.get(Families.META, Keys.FORMAT);
    if (format.isPresent() && format.get()[0] != FORMAT) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "the catalog has format "
              + format.get()[0]
              + ", this version reads "
              + FORMAT
              + "; rebuild the catalog from the journal");
    }
    return new Catalog(store, footers, config);
  }

  /** The last record applied; empty before genesis. */
  public Optional<CatalogHead> head() {
    return head;
  }

  /** Seq of the last record applied; 0 before genesis. */
  public long appliedSeq() {
    return head.map(CatalogHead::seq).orElse(0L);
  }

  /**
   * Applies the record that follows the head; applying the head's own record again does nothing.
   * Atomic: after an error the catalog is as before, and the same record may be tried again.
   *
   * <p>Errors: CATALOG_DAMAGED if the record doesn't name the head as its predecessor (the catalog
   * must be dropped), UNKNOWN_VERSION if it holds something this version doesn't know, MALFORMED,
   * whatever the footers' source throws, IO and DISK_FULL. Durable with the next flush.
   *
   * @return whether anything was applied
   */
  public boolean apply(AppliedRecord record) {
    if (head.isPresent() && head.get().seq() == record.seq()) {
      refuseOther(head.get(), record.hash());
      return false;
    }
    CatalogHead next = CatalogHead.of(record);
    store.write(plan(record, next));
    head = Optional.of(next);
    unflushedRecords++;
    if (unflushedRecords >= config.flushEveryRecords()) {
      flush();
    }
    return true;
  }

  /**
   * Goes through {@link #apply} without writing anything: what a leader does before it makes a
   * record final, since a record that can't be applied would stop every coordinator for ever.
   */
  public void rehearse(AppliedRecord record) {
    plan(record, CatalogHead.of(record));
  }

  /** A consistent view of everything; for one thread and one operation, closed by the caller. */
  public CatalogView view() {
    return CatalogView.of(store);
  }

  /** Makes all that was applied durable. */
  public void flush() {
    store.flush();
    unflushedRecords = 0;
  }

  /** Flushes, and copies the catalog into {@code directory}, which mustn't exist yet. */
  public void checkpoint(Path directory) {
    store.checkpoint(directory);
    unflushedRecords = 0;
  }

  /** Flushes and closes the store; if the flush fails, its error is thrown after closing. */
  @Override
  public void close() {
    try {
      flush();
    } finally {
      abandon();
    }
  }

  /** Closes the store without a flush. */
  public void abandon() {
    store.close();
  }

  private Batch plan(AppliedRecord record, CatalogHead next) {
    RecordBody body = record.body();
    refuseUnlessNext(body);
    Effects effects = new Effects(store, body);
    if (head.isEmpty()) {
      effects.put(Families.META, Keys.FORMAT, new byte[] {FORMAT});
    }
    apply.apply(body, effects);
    refuseForeign(body, effects);
    return effects.finish(next, record.journalState());
  }

  private void refuseUnlessNext(RecordBody body) {
    long seq = appliedSeq();
    byte[] hash = head.map(last -> last.hash().toByteArray()).orElse(new byte[32]);
    boolean follows =
        body.getSeq() > seq
            && body.getPreviousSeq() == seq
            && body.getPreviousHash().equals(ByteString.copyFrom(hash));
    if (!follows) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "record "
              + body.getSeq()
              + " follows record "
              + body.getPreviousSeq()
              + " of the journal, and the catalog stands at "
              + seq
              + " or at another hash of it; drop the catalog and rebuild it");
    }
  }

  private static void refuseForeign(RecordBody body, Effects effects) {
    RepositoryIdentity own =
        effects
            .get(Families.META, Keys.REPOSITORY)
            .map(RepositoryIdentity::of)
            .orElseThrow(() -> Fields.malformed("first mutation other than genesis"));
    if (!Arrays.equals(own.repository().toByteArray(), body.getRepository().toByteArray())) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "record "
              + body.getSeq()
              + " belongs to another repository than the catalog of "
              + own.repository()
              + "; check which vault this coordinator is given");
    }
  }

  private static void refuseOther(CatalogHead head, RecordHash hash) {
    if (!head.hash().equals(hash)) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "the catalog has applied another record of slot "
              + head.seq()
              + " than the journal holds; drop the catalog and rebuild it");
    }
  }
}
