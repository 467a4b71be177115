package io.holdfast.coordinator.ingest;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.journal.RecordLookup;
import io.holdfast.coordinator.journal.SnapshotCopies;
import io.holdfast.coordinator.pack.SnapshotCopyItem;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.SignedReceipt;
import java.util.function.Supplier;

/**
 * Signs what an agent gets for a commit: that the snapshot stands in that slot, under that hash.
 * Made anew whenever asked, from the record itself; the same apart from the signature. Any thread.
 */
public final class Receipts {
  private final RepositoryId repository;
  private final RecordLookup records;
  private final Supplier<ReceiptKey> keys;

  /**
   * Receipts about {@code records}.
   *
   * @param keys what signs now: it is renewed while the coordinator runs
   */
  public Receipts(RepositoryId repository, RecordLookup records, Supplier<ReceiptKey> keys) {
    this.repository = repository;
    this.records = records;
    this.keys = keys;
  }

  /** The copy of the snapshot's record that rides in a page pack. */
  SnapshotCopyItem copyOf(StoredSnapshot snapshot) {
    ReceiptKey signing = keys.get();
    return new SnapshotCopyItem(
        snapshot.host(),
        snapshot.id(),
        SnapshotCopies.sign(
            snapshot.mutation(),
            snapshot.seq(),
            snapshot.timeMillis(),
            signing.key(),
            signing.certificates()));
  }

  public SignedReceipt of(StoredSnapshot snapshot) {
    RecordLookup.Found record = records.get(snapshot.seq());
    RecordBody body = record.body();
    ReceiptKey signing = keys.get();
    byte[] receipt =
        Receipt.newBuilder()
            .setRepository(ByteString.copyFrom(repository.toByteArray()))
            .setHost(snapshot.committed().getHost())
            .setRun(snapshot.committed().getRun())
            .setSnapshot(snapshot.committed().getSnapshot())
            .setRoot(snapshot.committed().getRoot())
            .setIncarnation(body.getIncarnation())
            .setSeq(snapshot.seq())
            .setRecordHash(ByteString.copyFrom(record.hash().toByteArray()))
            .setSiteEpoch(body.getSiteEpoch())
            .build()
            .toByteArray();
    return SignedReceipt.newBuilder()
        .setReceipt(ByteString.copyFrom(receipt))
        .setSignature(signature(signing, receipt))
        .addAllCertificates(signing.certificates().stream().map(ByteString::copyFrom).toList())
        .build();
  }

  private static ByteString signature(ReceiptKey signing, byte[] receipt) {
    return ByteString.copyFrom(signing.key().sign(SigningDomain.RECEIPT, receipt).toByteArray());
  }
}
