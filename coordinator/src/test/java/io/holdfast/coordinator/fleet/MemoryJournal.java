package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.PromotionId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.Authority;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.RecordLookup;
import io.holdfast.coordinator.journal.SiteEpoch;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A journal in memory that applies each record to a real catalog. It can be made to fail, and to
 * hold appends back so that a test decides when they happen.
 */
public final class MemoryJournal implements JournalAppender {
  private static final byte[] SIXTEEN = new byte[16];

  private final RepositoryId repository;
  private final Catalog catalog;
  private final Time time;
  private final List<RecordBody> records = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  private byte[] lastHash = new byte[32];
  private boolean holding;
  private Optional<HoldfastException> failure = Optional.empty();
  private Consumer<RecordBody> beforeAppend = body -> {};

  private record Held(List<Mutation> mutations, CompletableFuture<Appended> done) {}

  MemoryJournal(RepositoryId repository, Catalog catalog, Time time) {
    this.repository = repository;
    this.catalog = catalog;
    this.time = time;
  }

  @Override
  public synchronized CompletableFuture<Appended> append(List<Mutation> mutations) {
    CompletableFuture<Appended> done = new CompletableFuture<>();
    if (holding) {
      held.add(new Held(mutations, done));
    } else {
      append(mutations, done);
    }
    return done;
  }

  private void append(List<Mutation> mutations, CompletableFuture<Appended> done) {
    if (failure.isPresent()) {
      done.completeExceptionally(failure.get());
      return;
    }
    long seq = records.size() + 1L;
    RecordBody body =
        RecordBody.newBuilder()
            .setRepository(ByteString.copyFrom(repository.toByteArray()))
            .setSeq(seq)
            .setTerm(1)
            .setWriter(ByteString.copyFrom(SIXTEEN))
            .setIncarnation(ByteString.copyFrom(SIXTEEN))
            .setSiteEpoch(
                io.holdfast.proto.stored.v1.SiteEpoch.newBuilder()
                    .setNumber(1)
                    .setId(ByteString.copyFrom(SIXTEEN)))
            .setPreviousSeq(seq - 1)
            .setPreviousHash(ByteString.copyFrom(lastHash))
            .setTimeMillis(time.now().toEpochMilli())
            .addAllMutations(mutations)
            .build();
    beforeAppend.accept(body);
    records.add(body);
    lastHash = sha256(body.toByteArray());
    RecordHash hash = RecordHash.of(lastHash);
    catalog.apply(new AppliedRecord(hash, body, ByteString.EMPTY));
    done.complete(new Appended(new SlotHash(seq, hash), authority(), time.now()));
  }

  private static Authority authority() {
    return new Authority(
        new SiteEpoch(1, PromotionId.of(SIXTEEN)), 1, IncarnationId.of(SIXTEEN), 1);
  }

  /** As this coordinator stands now. */
  public synchronized io.holdfast.proto.wire.v1.Authority wireAuthority() {
    return io.holdfast.proto.wire.v1.Authority.newBuilder()
        .setSiteEpochNumber(1)
        .setSiteEpochId(ByteString.copyFrom(SIXTEEN))
        .setIncarnation(ByteString.copyFrom(SIXTEEN))
        .setTerm(1)
        .setSeq(records.size())
        .setRecordHash(ByteString.copyFrom(lastHash))
        .build();
  }

  /** From here on every append fails so. */
  public synchronized void failWith(HoldfastException why) {
    failure = Optional.of(why);
  }

  /** From here on none fails any more. */
  public synchronized void recover() {
    failure = Optional.empty();
  }

  /** From here on appends wait. */
  public synchronized void hold() {
    holding = true;
  }

  public synchronized int heldCount() {
    return held.size();
  }

  /** Appends what waits, each in a record of its own, in the order it came. */
  public synchronized void release() {
    holding = false;
    held.forEach(one -> append(one.mutations(), one.done()));
    held.clear();
  }

  /** As {@link #release}, in the opposite order. */
  public synchronized void releaseLastFirst() {
    Collections.reverse(held);
    release();
  }

  /** Called with each record before it is there. */
  public synchronized void beforeAppend(Consumer<RecordBody> look) {
    beforeAppend = look;
  }

  /** Reads one record again. */
  public synchronized RecordLookup.Found record(long seq) {
    RecordBody body = records.get((int) seq - 1);
    return new RecordLookup.Found(body, RecordHash.of(sha256(body.toByteArray())));
  }

  /** Every change ever appended, in order. */
  public synchronized List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    records.forEach(body -> changes.addAll(changes(body)));
    return changes;
  }

  public static List<Change> changes(RecordBody body) {
    return body.getMutationsList().stream()
        .map(mutation -> {
          try {
            return Change.parseFrom(mutation.getClear());
          } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
