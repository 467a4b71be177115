package io.holdfast.coordinator.testkit;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.PromotionId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.Authority;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.SiteEpoch;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * A journal of one leader that never fails: each append is a record of its own, applied to the
 * catalog before the call returns. Keeps its records, so that a catalog can be made anew from them.
 */
public final class TestJournal implements JournalAppender {
  /** Who writes all records. */
  public static final CoordinatorId WRITER = new CoordinatorId(new UUID(8, 8));

  private static final UUID SOME_ID = new UUID(7, 7);

  private final ByteString repository;
  private final Time time;
  private final List<AppliedRecord> records = new ArrayList<>();
  private Catalog catalog;

  TestJournal(byte[] repository, Time time) {
    this.repository = ByteString.copyFrom(repository);
    this.time = time;
  }

  /** From here on records are applied to {@code next}, which gets all there are. */
  synchronized void applyTo(Catalog next) {
    catalog = next;
    records.forEach(next::apply);
  }

  @Override
  public synchronized CompletableFuture<Appended> append(List<Mutation> mutations) {
    AppliedRecord record = next(mutations);
    catalog.apply(record);
    records.add(record);
    SlotHash slot = new SlotHash(record.seq(), record.hash());
    Authority authority =
        new Authority(new SiteEpoch(1, new PromotionId(SOME_ID)), 1, new IncarnationId(SOME_ID), 1);
    Instant at = Instant.ofEpochMilli(record.body().getTimeMillis());
    return CompletableFuture.completedFuture(new Appended(slot, authority, at));
  }

  /** What was appended so far. */
  public synchronized List<AppliedRecord> records() {
    return List.copyOf(records);
  }

  private AppliedRecord next(List<Mutation> mutations) {
    ByteString some = ByteString.copyFrom(new PromotionId(SOME_ID).toByteArray());
    byte[] previous = records.isEmpty() ? new byte[32] : records.getLast().hash().toByteArray();
    RecordBody body =
        RecordBody.newBuilder()
            .setRepository(repository)
            .setSeq(records.size() + 1L)
            .setTerm(1)
            .setWriter(ByteString.copyFrom(WRITER.toByteArray()))
            .setIncarnation(some)
            .setSiteEpoch(
                io.holdfast.proto.stored.v1.SiteEpoch.newBuilder().setNumber(1).setId(some))
            .setPreviousSeq(records.size())
            .setPreviousHash(ByteString.copyFrom(previous))
            .setTimeMillis(time.now().toEpochMilli())
            .addAllMutations(mutations)
            .build();
    return new AppliedRecord(new RecordHash(sha256(body.toByteArray())), body, some);
  }

  private static Bytes32 sha256(byte[] bytes) {
    try {
      return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
