package io.holdfast.agent.backup;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.Query;
import io.holdfast.proto.wire.v1.QueryAnswer;
import io.holdfast.proto.wire.v1.Upload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes plaintext, asks which of it the coordinator lacks, and sends that, sealed, in an order in
 * which every page follows what it refers to.
 *
 * <ul>
 *   <li>I1 A page is sent only after every chunk submitted before it is done, and pages in the
 *       order they were submitted.
 *   <li>I2 Of equal chunks in flight only the first is asked for and sent.
 *   <li>I3 At most {@link #ASKED_LIMIT} ids, {@link #PAGE_LIMIT} pages and the buffers' bytes are
 *       in flight; {@code submit} waits.
 *   <li>I4 The first failure of any thread ends all of them and is what every caller gets.
 * </ul>
 *
 * <p>Threads: workers (K, sealing), one sender, one receiver, all made here and ended by {@link
 * #close}. One lock guards the state; nobody computes or waits for the network while holding it.
 */
final class ChunkPipeline implements AutoCloseable {
  /** Ids asked for and not yet answered or sent. */
  static final int ASKED_LIMIT = 2048;

  /** Ids in one query: a query leaves when it is full or when there is nothing else to send. */
  static final int QUERY_SIZE = 256;

  /** Pages whose upload is outstanding. */
  static final int PAGE_LIMIT = 256;

  /**
   * Sealed bytes that wait for the sender, the largest chunk beyond: as few as keep it busy, so
   * that the young generation collects them and not a collection of the whole heap.
   */
  static final int SEALED_BYTES_LIMIT = 2 << 20;

  private final UploadLink link;
  private final boolean keysWanted;
  private final UploadDigest digest = new UploadDigest();
  private final RunCounters counters;
  private final Consumer<HoldfastException> onFailure;
  private final List<Thread> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workerWork = lock.newCondition();
  private final Condition senderWork = lock.newCondition();
  private final Condition progress = lock.newCondition();

  private final Deque<PendingChunk> toKey = new ArrayDeque<>();
  private final Deque<PendingChunk> toSeal = new ArrayDeque<>();
  private final Deque<PendingChunk> toAsk = new ArrayDeque<>();
  private final Deque<PendingChunk> toSend = new ArrayDeque<>();
  private final Deque<PendingChunk> pages = new ArrayDeque<>();
  private final Map<Long, List<PendingChunk>> queries = new HashMap<>();
  private final Map<ChunkRef, PendingChunk> inFlight = new HashMap<>();
  private final TreeSet<Long> outstanding = new TreeSet<>();
  private final Deque<BackupAnswer> commitAnswers = new ArrayDeque<>();
  private Commit commit;
  private long nextNumber = 1;
  private long nextQuery = 1;
  private int asked;
  private long sealedBytes;
  private HoldfastException failure;

  /** {@code keysWanted}: whether queries bring the keys of what they ask for. */
  ChunkPipeline(
      UploadLink link,
      boolean keysWanted,
      Supplier<ChunkSealer> sealers,
      int workers,
      ThreadFactory threadFactory,
      RunCounters counters,
      Consumer<HoldfastException> onFailure) {
    this.link = link;
    this.keysWanted = keysWanted;
    this.counters = counters;
    this.onFailure = onFailure;
    for (int i = 0; i < workers; i++) {
      start(
          threadFactory,
          () -> {
            try (ChunkSealer sealer = sealers.get()) {
              work(sealer);
            }
          });
    }
    start(threadFactory, this::send);
    start(threadFactory, this::receive);
  }

  /**
   * Puts {@code length} bytes of {@code buffer} on their way; the buffer is held until they are
   * sealed or known. Waits while too much is in flight.
   */
  CompletableFuture<Reference> submit(ChunkKind kind, Buffers.Buffer buffer, int offset, int length)
      throws InterruptedException {
    CompletableFuture<Reference> key = new CompletableFuture<>();
    submit(kind, buffer, offset, length, key);
    return key;
  }

  /** As {@link #submit}, completing {@code key} once K is known. */
  void submit(
      ChunkKind kind,
      Buffers.Buffer buffer,
      int offset,
      int length,
      CompletableFuture<Reference> key)
      throws InterruptedException {
    lock.lock();
    try {
      while (asked + toKey.size() + toAsk.size() >= ASKED_LIMIT && failure == null) {
        progress.await();
      }
      refuseAfterFailure();
      PendingChunk chunk = new PendingChunk(nextNumber++, kind, buffer, offset, length, key);
      outstanding.add(chunk.number);
      toKey.add(chunk);
      workerWork.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a page on its way, after everything submitted so far. {@code key} was computed by the
   * caller, who needs it to go on.
   */
  void submitPage(byte[] plaintext, List<Reference> references, ChunkKey key, ChunkRef id)
      throws InterruptedException {
    lock.lock();
    try {
      while (pages.size() >= PAGE_LIMIT && failure == null) {
        progress.await();
      }
      refuseAfterFailure();
      PendingChunk page = new PendingChunk(plaintext, references, nextNumber);
      complete(page, key);
      pages.add(page);
      keyed(page, key, id);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything submitted is known or sent. */
  void drain() throws InterruptedException {
    lock.lock();
    try {
      while ((!outstanding.isEmpty() || !pages.isEmpty()) && failure == null) {
        progress.await();
      }
      refuseAfterFailure();
    } finally {
      lock.unlock();
    }
  }

  /** Digest of all uploads so far, in order; to be taken after {@link #drain}. */
  byte[] uploadsDigest() {
    lock.lock();
    try {
      return digest.value();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends the commit and returns what comes back: one Committed, or MissingReferences up to and
   * including the last.
   */
  List<BackupAnswer> commit(Commit request) throws InterruptedException {
    lock.lock();
    try {
      commit = request;
      senderWork.signal();
      List<BackupAnswer> answers = new ArrayList<>();
      while (true) {
        while (commitAnswers.isEmpty() && failure == null) {
          progress.await();
        }
        if (commitAnswers.isEmpty()) {
          refuseAfterFailure();
        }
        BackupAnswer answer = commitAnswers.remove();
        answers.add(answer);
        if (answer.hasCommitted() || answer.getMissing().getLast()) {
          return answers;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void work(ChunkSealer sealer) throws InterruptedException {
    while (true) {
      PendingChunk chunk = nextForWorker();
      if (chunk.state == PendingChunk.State.NEW) {
        computeKey(sealer, chunk);
      } else {
        seal(sealer, chunk);
      }
    }
  }

  private PendingChunk nextForWorker() throws InterruptedException {
    lock.lock();
    try {
      // Sealing first: it frees buffers, and what is sealed keeps the network busy.
      while ((toSeal.isEmpty() || sealedBytes >= SEALED_BYTES_LIMIT) && toKey.isEmpty()) {
        refuseAfterFailure();
        workerWork.await();
      }
      refuseAfterFailure();
      return toSeal.isEmpty() || sealedBytes >= SEALED_BYTES_LIMIT
          ? toKey.remove()
          : toSeal.remove();
    } finally {
      lock.unlock();
    }
  }

  private void computeKey(ChunkSealer sealer, PendingChunk chunk) {
    ChunkKey key = sealer.key(chunk.kind, chunk.bytes(), chunk.offset(), chunk.length);
    ChunkRef id = sealer.ref(key);
    lock.lock();
    try {
      keyed(chunk, key, id);
    } finally {
      lock.unlock();
    }
    // Outside the lock: completing runs what waits for it.
    complete(chunk, key);
  }

  private static void complete(PendingChunk chunk, ChunkKey key) {
    chunk.key.complete(new Reference(key.kind(), key.k()));
  }

  private void keyed(PendingChunk chunk, ChunkKey key, ChunkRef id) {
    chunk.id = id;
    chunk.k = key.k();
    chunk.state = PendingChunk.State.KEYED;
    if (inFlight.putIfAbsent(id, chunk) != null) {
      done(chunk); // I2
      return;
    }
    toAsk.add(chunk);
    senderWork.signal();
  }

  private void seal(ChunkSealer sealer, PendingChunk chunk) {
    Reference reference = chunk.key.join();
    ChunkKey key = new ChunkKey(reference.kind(), reference.key());
    Possession possession = Possession.of(chunk.references);
    SealedChunk sealed =
        sealer.seal(key, chunk.bytes(), chunk.offset(), chunk.length, possession.references());
    lock.lock();
    try {
      chunk.owns = possession.owns();
      chunk.sealed = sealed;
      chunk.state = PendingChunk.State.SEALED;
      chunk.releasePlaintext();
      sealedBytes += sealed.sealedLength();
      if (!chunk.isPage()) {
        toSend.add(chunk);
      }
      senderWork.signal();
    } finally {
      lock.unlock();
    }
  }

  private void send() throws InterruptedException {
    while (true) {
      link.send(nextMessage());
    }
  }

  /**
   * What to send next: chunks, then the first page if its time has come, then a query, then commit.
   */
  private BackupRequest nextMessage() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        refuseAfterFailure();
        if (!toSend.isEmpty()) {
          return upload(toSend.remove());
        }
        if (firstPageMayGo()) {
          return upload(pages.remove());
        }
        if (!toAsk.isEmpty()) {
          return query();
        }
        if (commit != null && outstanding.isEmpty() && pages.isEmpty()) {
          BackupRequest request = BackupRequest.newBuilder().setCommit(commit).build();
          commit = null;
          return request;
        }
        senderWork.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean firstPageMayGo() {
    while (!pages.isEmpty() && pages.peek().state == PendingChunk.State.DONE) {
      pages.remove();
      progress.signalAll();
    }
    PendingChunk page = pages.peek();
    return page != null
        && page.state == PendingChunk.State.SEALED
        && (outstanding.isEmpty() || outstanding.first() >= page.after); // I1
  }

  private BackupRequest upload(PendingChunk chunk) {
    SealedChunk sealed = chunk.sealed;
    chunk.sealed = null;
    sealedBytes -= sealed.sealedLength();
    digest.add(chunk.id, sealed);
    counters.uploaded(chunk.length, sealed.sealedLength());
    done(chunk); // I2: the stream is handled in order, so a later query will find it
    workerWork.signalAll();
    return BackupRequest.newBuilder()
        .setUpload(
            Upload.newBuilder()
                .setKindValue(chunk.kind.number())
                .setId(ByteString.copyFrom(chunk.id.id().toByteArray()))
                .setPlainLength(chunk.length)
                .setCrc32C(sealed.crc32c())
                .setSha25616(hash(sealed))
                .setOwns(chunk.owns)
                .setSealed(UnsafeByteOperations.unsafeWrap(sealed.bytes())))
        .build();
  }

  private static ByteString hash(SealedChunk sealed) {
    byte[] hash = new byte[SealedHash.LENGTH];
    sealed.hash().write(hash, 0);
    return UnsafeByteOperations.unsafeWrap(hash);
  }

  private BackupRequest query() {
    List<PendingChunk> batch = new ArrayList<>();
    ByteString.Output references = ByteString.newOutput(QUERY_SIZE * ChunkRef.LENGTH);
    ByteString.Output keys = ByteString.newOutput(keysWanted ? QUERY_SIZE * Bytes32.LENGTH : 0);
    while (!toAsk.isEmpty() && batch.size() < QUERY_SIZE) {
      PendingChunk chunk = toAsk.remove();
      chunk.state = PendingChunk.State.ASKED;
      batch.add(chunk);
      references.write(chunk.kind.number());
      byte[] id = chunk.id.id().toByteArray();
      references.write(id, 0, id.length);
      if (keysWanted) {
        keys.write(chunk.k.toByteArray(), 0, Bytes32.LENGTH);
      }
    }
    asked += batch.size();
    long number = nextQuery++;
    queries.put(number, batch);
    return BackupRequest.newBuilder()
        .setQuery(
            Query.newBuilder()
                .setNumber(number)
                .setReferences(references.toByteString())
                .setKeys(keys.toByteString()))
        .build();
  }

  /** Until the commit is answered: the coordinator ends the stream after that. */
  private void receive() throws InterruptedException {
    boolean committed = false;
    while (!committed) {
      BackupAnswer answer = link.receive();
      lock.lock();
      try {
        handle(answer);
      } finally {
        lock.unlock();
      }
      committed = answer.hasCommitted();
    }
  }

  private void handle(BackupAnswer answer) {
    switch (answer.getAnswerCase()) {
      case QUERY -> answered(answer.getQuery());
      case COMMITTED, MISSING -> {
        commitAnswers.add(answer);
        progress.signalAll();
      }
      case PROGRESS -> {} // informative: commit waits for what matters
      case OPENED, ANSWER_NOT_SET -> throw unexpected(answer.getAnswerCase().name());
    }
  }

  private void answered(QueryAnswer answer) {
    List<PendingChunk> batch = queries.remove(answer.getNumber());
    if (batch == null) {
      throw unexpected("query " + answer.getNumber());
    }
    BitSet known = BitSet.valueOf(answer.getKnown().asReadOnlyByteBuffer());
    asked -= batch.size();
    for (int i = 0; i < batch.size(); i++) {
      if (known.get(i)) {
        done(batch.get(i));
      } else {
        batch.get(i).state = PendingChunk.State.WANTED;
        toSeal.add(batch.get(i));
      }
    }
    workerWork.signalAll();
    senderWork.signal();
    progress.signalAll();
  }

  private void done(PendingChunk chunk) {
    chunk.state = PendingChunk.State.DONE;
    chunk.releasePlaintext();
    inFlight.remove(chunk.id, chunk);
    outstanding.remove(chunk.number);
    progress.signalAll();
    senderWork.signal();
  }

  private static HoldfastException unexpected(String what) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "the coordinator sent an answer that fits no request ("
            + what
            + "); are both of one version?");
  }

  private void refuseAfterFailure() {
    if (failure != null) {
      throw new HoldfastException(failure.code(), failure.getMessage(), failure);
    }
  }

  private void fail(HoldfastException cause) {
    HoldfastException first;
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      first = failure;
      for (PendingChunk chunk : toKey) {
        chunk.key.completeExceptionally(failure);
      }
      workerWork.signalAll();
      senderWork.signalAll();
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    onFailure.accept(first); // I4: also for who waits elsewhere
  }

  /** A thread's body. */
  private interface Role {
    void run() throws InterruptedException;
  }

  private void start(ThreadFactory factory, Role role) {
    Thread thread =
        factory.newThread(() -> {
          try {
            role.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(Cancelled.exception());
          } catch (RuntimeException | Error e) {
            fail(RpcErrors.asHoldfast(e)); // I4
          }
        });
    threads.add(thread);
    thread.start();
  }

  /** Ends all threads and the session's stream. */
  @Override
  public void close() {
    fail(Cancelled.exception());
    link.close();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }
}
