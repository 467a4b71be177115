package io.holdfast.coordinator.ingest;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.rpc.Futures;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SessionPurpose;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupOpened;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.BaseSnapshot;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.Committed;
import io.holdfast.proto.wire.v1.MissingReferences;
import io.holdfast.proto.wire.v1.OpenBackup;
import io.holdfast.proto.wire.v1.Query;
import io.holdfast.proto.wire.v1.QueryAnswer;
import io.holdfast.proto.wire.v1.Upload;
import io.holdfast.proto.wire.v1.UploadProgress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One session of one host, from open to commit. Requests are handled one after another, so a query
 * sees every upload before it. One thread.
 *
 * <pre>
 * from     to        because
 * new      open      OpenBackup; the journal holds SessionOpened
 * new      answered  the run was committed before: its receipt again
 * open     open      Query, Upload, or a Commit that was refused for missing references
 * open     answered  Commit; the journal holds the snapshot, which closes the session
 * open     closed    the caller left or failed; the journal holds SessionClosed
 * </pre>
 */
final class BackupSession {
  private static final int QUERY_LIMIT = 4_096;

  private static final int MISSING_PER_MESSAGE = 4_096;

  /** Uploads between two reports of progress. */
  private static final int PROGRESS_EVERY = 64;

  /** Sealed bytes after which the quota is looked at, however few uploads they were. (tune) */
  private static final long QUOTA_EVERY_BYTES = 16L << 20;

  private final IngestPorts ports;
  private final VaultRoom room;
  private final HostQuotas quotas;
  private final AskedChunks asked;
  private final HostId host;
  private final RequestStream<BackupRequest, BackupAnswer> stream;
  private final SessionId session;
  private final UploadCheck uploadCheck;

  /** Not yet registered, as far as is known here: what it filled, and what it rests on. */
  private final Set<CompletableFuture<Long>> packs = new LinkedHashSet<>();

  private long accepted;
  private long bytesSinceQuota;

  BackupSession(
      IngestPorts ports,
      VaultRoom room,
      HostQuotas quotas,
      AskedChunks asked,
      HostId host,
      RequestStream<BackupRequest, BackupAnswer> stream) {
    this.ports = ports;
    this.room = room;
    this.quotas = quotas;
    this.asked = asked;
    this.host = host;
    this.stream = stream;
    this.session = SessionId.of(ports.randomness().bytes(16));
    this.uploadCheck = new UploadCheck(host, session);
  }

  void run() throws InterruptedException {
    Optional<BackupRequest> first = stream.next();
    if (first.isEmpty()) {
      return;
    }
    if (!first.get().hasOpen()) {
      throw outOfOrder("the first request of a session must open it");
    }
    OpenBackup open = first.get().getOpen();
    RunId run = runId(open);
    Optional<StoredSnapshot> done = committed(run);
    if (done.isPresent()) {
      stream.send(committedAnswer(done.get()));
      return;
    }
    room.requireForBackup();
    quotas.require(host);
    requireSealedKeys();
    runOpen(run, open);
  }

  private void runOpen(RunId run, OpenBackup open) throws InterruptedException {
    Optional<StoredSnapshot> base = base(open);
    openInJournal(base);
    boolean committed = false;
    try {
      stream.send(opened(base));
      for (Optional<BackupRequest> next = stream.next();
          next.isPresent() && !committed;
          next = committed ? Optional.empty() : stream.next()) {
        committed = handle(next.get(), run);
      }
    } finally {
      if (!committed) {
        closeInJournal();
      }
    }
  }

  /** True if the session is committed and over. */
  private boolean handle(BackupRequest request, RunId run) throws InterruptedException {
    return switch (request.getRequestCase()) {
      case QUERY -> {
        query(request.getQuery());
        yield false;
      }
      case UPLOAD -> {
        upload(request.getUpload());
        yield false;
      }
      case COMMIT -> commit(request.getCommit(), run);
      case OPEN, REQUEST_NOT_SET -> throw outOfOrder("a session is opened once");
    };
  }

  private void query(Query query) throws InterruptedException {
    List<ChunkRef> references = References.parse(query.getReferences(), QUERY_LIMIT);
    BitSet known = ports.checks().known(host, references);
    for (int i = known.nextClearBit(0); i < references.size(); i = known.nextClearBit(i + 1)) {
      Optional<CompletableFuture<Long>> pack = ports.packs().rest(host, session, references.get(i));
      if (pack.isPresent()) {
        packs.add(pack.get());
        known.set(i);
      }
    }
    Map<ChunkRef, ChunkKey> others = othersHave(references, known, query.getKeys());
    if (!others.isEmpty()) {
      asked.prove(others);
      known.or(ports.checks().known(host, references));
    }
    stream.send(
        BackupAnswer.newBuilder()
            .setQuery(
                QueryAnswer.newBuilder()
                    .setNumber(query.getNumber())
                    .setKnown(ByteString.copyFrom(known.toByteArray())))
            .build());
  }

  /** What this host has to upload, though another one has; with keys, if they came. */
  private Map<ChunkRef, ChunkKey> othersHave(
      List<ChunkRef> references, BitSet known, ByteString keys) {
    if (keys.isEmpty() || !asked.keysWanted()) {
      return Map.of();
    }
    References.requireKeys(references, keys);
    Map<ChunkRef, ChunkKey> others = new LinkedHashMap<>();
    try (CatalogView view = ports.views().get()) {
      BitSet there = view.chunks().present(references);
      there.andNot(known);
      there.stream()
          .forEach(at -> others.put(references.get(at), References.key(references, keys, at)));
    }
    return others;
  }

  private void upload(Upload upload) throws InterruptedException {
    packs.add(ports.packs().append(uploadCheck.check(upload)));
    accepted++;
    ports.meter().uploaded(upload.getSealed().size());
    bytesSinceQuota += upload.getSealed().size();
    if (accepted % PROGRESS_EVERY == 0 || bytesSinceQuota >= QUOTA_EVERY_BYTES) {
      bytesSinceQuota = 0;
      quotas.require(host);
    }
    if (accepted % PROGRESS_EVERY == 0) {
      forgetRegistered();
      stream.send(
          BackupAnswer.newBuilder()
              .setProgress(UploadProgress.newBuilder().setAccepted(accepted))
              .build());
    }
  }

  /** Drops the packs that are durable; one that failed ends the session with why. */
  private void forgetRegistered() throws InterruptedException {
    Iterator<CompletableFuture<Long>> each = packs.iterator();
    while (each.hasNext()) {
      CompletableFuture<Long> pack = each.next();
      if (pack.isDone()) {
        Futures.await(pack);
        each.remove();
      }
    }
  }

  private boolean commit(Commit request, RunId run) throws InterruptedException {
    CommitCheck commit = new CommitCheck(ports, enrolled(), run, session, request);
    requireSealedKeys();
    ports.packs().flush(session);
    for (CompletableFuture<Long> pack : packs) {
      Futures.await(pack);
    }
    packs.clear();
    List<ChunkRef> missing = commitUnlessMissing(commit);
    if (!missing.isEmpty()) {
      refuse(missing);
      return false;
    }
    ports.meter().committed(commit.logicalBytes(), commit.hasGaps());
    StoredSnapshot snapshot = committed(run).orElseThrow();
    ports.packs().keepCopy(ports.receipts().copyOf(snapshot));
    stream.send(committedAnswer(snapshot));
    return true;
  }

  /** Between the check and the record nothing is lost or condemned. */
  private List<ChunkRef> commitUnlessMissing(CommitCheck commit) throws InterruptedException {
    ports.commitPath().shared().lock();
    try {
      CommitWalk walk = ports.checks().walk(new ChunkRef(ChunkKind.PAGE, commit.root()), host);
      if (walk.missing().isEmpty()) {
        List<Mutation> mutations = new ArrayList<>(List.of(commit.mutation()));
        walk.checked()
            .forEach(pages ->
                mutations.add(
                    MutationSealer.clear(Change.newBuilder().setPagesChecked(pages).build())));
        Futures.await(ports.journal().append(mutations));
      }
      return walk.missing();
    } finally {
      ports.commitPath().shared().unlock();
    }
  }

  private void refuse(List<ChunkRef> missing) throws InterruptedException {
    ports.meter().commitRefused();
    for (int from = 0; from < missing.size(); from += MISSING_PER_MESSAGE) {
      int to = Math.min(missing.size(), from + MISSING_PER_MESSAGE);
      stream.send(
          BackupAnswer.newBuilder()
              .setMissing(
                  MissingReferences.newBuilder()
                      .setReferences(References.encode(missing.subList(from, to)))
                      .setLast(to == missing.size()))
              .build());
    }
  }

  private EnrolledHost enrolled() {
    try (CatalogView view = ports.views().get()) {
      return view.fleet()
          .host(host)
          .filter(found -> found.revokedSeq().isEmpty())
          .orElseThrow(() ->
              new HoldfastException(
                  ErrorCode.HOST_REVOKED,
                  "host " + host + " is not enrolled any more; enrol it again"));
    }
  }

  /** What a private host stores without this, nobody opens after it is lost. */
  private void requireSealedKeys() {
    try (CatalogView view = ports.views().get()) {
      if (view.repository().isPrivate() && view.fleet().sealedKeys(host).isEmpty()) {
        throw new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "host "
                + host
                + " has not handed in its sealed keys, without which nobody could restore what it"
                + " stores in this private repository; its agent does so before a backup: see its"
                + " log for why it could not");
      }
    }
  }

  private Optional<StoredSnapshot> committed(RunId run) {
    try (CatalogView view = ports.views().get()) {
      return view.snapshots().ofRun(host, run);
    }
  }

  private Optional<StoredSnapshot> base(OpenBackup open) {
    try (CatalogView view = ports.views().get()) {
      return view.snapshots().latest(host, Bytes32.of(open.getSourceSet().toByteArray()));
    }
  }

  private void openInJournal(Optional<StoredSnapshot> base) throws InterruptedException {
    SessionOpened.Builder opened =
        SessionOpened.newBuilder()
            .setSession(ByteString.copyFrom(session.toByteArray()))
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setPurpose(SessionPurpose.SESSION_PURPOSE_BACKUP);
    base.ifPresent(snapshot -> opened.setSnapshot(snapshot.committed().getSnapshot()));
    append(Change.newBuilder().setSessionOpened(opened).build());
  }

  private void closeInJournal() throws InterruptedException {
    append(
        Change.newBuilder()
            .setSessionClosed(
                SessionClosed.newBuilder().setSession(ByteString.copyFrom(session.toByteArray())))
            .build());
  }

  private void append(Change change) throws InterruptedException {
    Futures.await(ports.journal().append(List.of(MutationSealer.clear(change))));
  }

  private BackupAnswer opened(Optional<StoredSnapshot> base) {
    BackupOpened.Builder opened =
        BackupOpened.newBuilder()
            .setSession(ByteString.copyFrom(session.toByteArray()))
            .setAuthority(ports.authority().get())
            .setGeneration(ports.generation().getAsInt())
            .setKeysWanted(asked.keysWanted());
    base.ifPresent(snapshot ->
        opened.setBase(
            BaseSnapshot.newBuilder()
                .setSnapshot(snapshot.committed().getSnapshot())
                .setRoot(snapshot.committed().getRoot())
                .setRun(snapshot.committed().getRun())
                .setRootForHost(snapshot.committed().getRootForHost())));
    return BackupAnswer.newBuilder().setOpened(opened).build();
  }

  private BackupAnswer committedAnswer(StoredSnapshot snapshot) {
    return BackupAnswer.newBuilder()
        .setCommitted(
            Committed.newBuilder()
                .setSnapshot(snapshot.committed().getSnapshot())
                .setReceipt(ports.receipts().of(snapshot).toByteString())
                .setAuthority(ports.authority().get()))
        .build();
  }

  private RunId runId(OpenBackup open) {
    if (open.getRun().size() != 16 || open.getSourceSet().size() != Bytes32.LENGTH) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a backup of host " + host + " was opened without a run id or source set");
    }
    return RunId.of(open.getRun().toByteArray());
  }

  private HoldfastException outOfOrder(String why) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT, "the session of host " + host + " is refused: " + why);
  }
}
