package io.holdfast.agent.backup;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.common.snapshot.SnapshotFormat;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A coordinator for one host, in memory: it keeps what is uploaded, insists on order, answers a
 * commit with what is missing, and names the last snapshot as the base of the next. It can lose
 * chunks. Safe for many threads.
 */
final class MemoryCoordinator {
  private static final BackupAnswer CLOSED = BackupAnswer.getDefaultInstance();

  private final BackupHost host;
  private final List<MemoryLink> links = new ArrayList<>();
  private final Map<ChunkRef, byte[]> stored = new LinkedHashMap<>();

  /** What was there once: the base may still refer to it. */
  private final Set<ChunkRef> lost = new HashSet<>();

  private final Set<ChunkRef> lostAtCommit = new HashSet<>();
  private final Map<ChunkKind, Long> plainBytes = new LinkedHashMap<>();
  private final Map<ChunkKind, Long> sealedBytes = new LinkedHashMap<>();
  private final Map<ChunkKind, Integer> uploads = new LinkedHashMap<>();
  private int queries;
  private int keyBytes;
  private boolean wantsKeys;
  private int otherGeneration;
  private Optional<BaseSnapshot> base = Optional.empty();
  private Reference root;
  private RunId run;
  private int pagesRead;
  private int chunksRead;
  private int commits;
  private int left;
  private Optional<HoldfastException> refusal = Optional.empty();

  MemoryCoordinator(BackupHost host) {
    this.host = host;
  }

  synchronized UploadLink open() {
    MemoryLink link = new MemoryLink();
    links.add(link);
    return link;
  }

  /** Ends all open sessions, as a broken connection does. */
  synchronized void breakSessions() {
    links.forEach(MemoryLink::close);
    links.clear();
  }

  /** What was uploaded of {@code kind} since {@link #forgetCounts}, before sealing. */
  synchronized long plainBytes(ChunkKind kind) {
    return plainBytes.getOrDefault(kind, 0L);
  }

  synchronized long sealedBytes() {
    return sealedBytes.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized int uploads(ChunkKind kind) {
    return uploads.getOrDefault(kind, 0);
  }

  /** From now on it asks for keys with queries, and names {@code generation} unless that is 0. */
  synchronized void askForKeys(int generation) {
    wantsKeys = true;
    otherGeneration = generation;
  }

  /** Bytes of keys that came with queries. */
  synchronized int keyBytes() {
    return keyBytes;
  }

  synchronized int queries() {
    return queries;
  }

  /** Pages of the base that the agent asked for. */
  synchronized int pagesRead() {
    return pagesRead;
  }

  /** Other chunks of the base that it asked for: block maps, and blocks to be compared. */
  synchronized int chunksRead() {
    return chunksRead;
  }

  /** Of files' content: data chunks and bundles. */
  synchronized long contentBytes() {
    return plainBytes(ChunkKind.DATA) + plainBytes(ChunkKind.BUNDLE);
  }

  synchronized void forgetCounts() {
    plainBytes.clear();
    sealedBytes.clear();
    uploads.clear();
    queries = 0;
    pagesRead = 0;
    chunksRead = 0;
  }

  /** Root of the last snapshot. */
  synchronized Reference root() {
    return root;
  }

  synchronized int commits() {
    return commits;
  }

  synchronized Set<ChunkRef> chunks() {
    return Set.copyOf(stored.keySet());
  }

  /** From now on the chunk is not there. */
  synchronized void lose(ChunkRef chunk) {
    if (stored.remove(chunk) == null) {
      throw new IllegalArgumentException(chunk + " isn't there");
    }
  }

  /** After so many uploads all are refused. */
  synchronized void refuseAfter(int uploads, HoldfastException why) {
    left = uploads;
    refusal = Optional.of(why);
  }

  /** Lost when the next commit arrives, and not before. */
  synchronized void loseAtCommit(ChunkRef chunk) {
    lostAtCommit.add(chunk);
  }

  /** From now on the chunk reads as other bytes. */
  synchronized void damage(ChunkRef chunk) {
    byte[] sealed = stored.get(chunk).clone();
    sealed[sealed.length / 2] ^= 1;
    stored.put(chunk, sealed);
  }

  BackupPorts.BaseContent content() {
    return new BackupPorts.BaseContent() {
      private final ChunkOpener opener = new ChunkOpener(host.generations());

      @Override
      public byte[] read(Reference page) {
        synchronized (MemoryCoordinator.this) {
          pagesRead++;
        }
        return get(page);
      }

      @Override
      public byte[] chunk(Reference leaf, Reference chunk) {
        synchronized (MemoryCoordinator.this) {
          chunksRead++;
        }
        return get(chunk);
      }

      private byte[] get(Reference reference) {
        ChunkKey key = new ChunkKey(reference.kind(), reference.key());
        byte[] sealed;
        synchronized (MemoryCoordinator.this) {
          sealed = stored.get(key.ref());
        }
        if (sealed == null) {
          throw new HoldfastException(ErrorCode.CHUNK_NOT_FOUND, key.ref() + " is not there");
        }
        return opener.open(key, sealed, 0, sealed.length);
      }

      @Override
      public void close() {
        opener.close();
      }
    };
  }

  private synchronized void handle(BackupRequest request, BlockingQueue<BackupAnswer> answers) {
    switch (request.getRequestCase()) {
      case OPEN -> answers.add(opened(request.getOpen()));
      case QUERY -> answers.add(known(request.getQuery()));
      case UPLOAD -> {
        if (refusal.isPresent() && left-- <= 0) {
          throw refusal.get();
        }
        upload(request.getUpload());
      }
      case COMMIT -> answers.addAll(commit(request.getCommit()));
      case REQUEST_NOT_SET -> throw new AssertionError("an empty request");
    }
  }

  private BackupAnswer opened(OpenBackup open) {
    run = RunId.of(open.getRun().toByteArray());
    BackupOpened.Builder opened =
        BackupOpened.newBuilder()
            .setGeneration(
                otherGeneration == 0
                    ? host.generations().all().getLast().generation()
                    : otherGeneration)
            .setKeysWanted(wantsKeys);
    base.ifPresent(opened::setBase);
    return BackupAnswer.newBuilder().setOpened(opened).build();
  }

  private BackupAnswer known(Query query) {
    queries++;
    keyBytes += query.getKeys().size();
    BitSet known = new BitSet();
    List<ChunkRef> asked = references(query.getReferences());
    for (int i = 0; i < asked.size(); i++) {
      known.set(i, stored.containsKey(asked.get(i)));
    }
    return BackupAnswer.newBuilder()
        .setQuery(
            QueryAnswer.newBuilder()
                .setNumber(query.getNumber())
                .setKnown(ByteString.copyFrom(known.toByteArray())))
        .build();
  }

  private void upload(Upload upload) {
    ChunkRef id =
        new ChunkRef(ChunkKind.of(upload.getKindValue()), ChunkId.of(upload.getId().toByteArray()));
    byte[] sealed = upload.getSealed().toByteArray();
    SealedHeader header = SealedHeader.parse(id, sealed, 0, sealed.length);
    for (int i = 0; i < header.referenceCount(); i++) {
      boolean there = stored.containsKey(header.reference(i)) || lost.contains(header.reference(i));
      if (!there) {
        throw new AssertionError("a page came before what it refers to: " + header.reference(i));
      }
    }
    stored.put(id, sealed);
    uploads.merge(id.kind(), 1, Integer::sum);
    plainBytes.merge(id.kind(), (long) header.plainLength(), Long::sum);
    sealedBytes.merge(id.kind(), (long) sealed.length, Long::sum);
  }

  private List<BackupAnswer> commit(Commit commit) {
    lostAtCommit.forEach(stored::remove);
    lost.addAll(lostAtCommit);
    lostAtCommit.clear();
    ChunkRef rootId = new ChunkRef(ChunkKind.PAGE, ChunkId.of(commit.getRoot().toByteArray()));
    List<ChunkRef> missing = missing(rootId);
    if (!missing.isEmpty()) {
      return refusals(missing);
    }
    commits++;
    SnapshotId snapshot = SnapshotFormat.snapshotId(host.host(), run, rootId.id());
    root = openRoot(commit, rootId.id());
    base =
        Optional.of(
            BaseSnapshot.newBuilder()
                .setSnapshot(ByteString.copyFrom(snapshot.toByteArray()))
                .setRoot(commit.getRoot())
                .setRun(ByteString.copyFrom(run.toByteArray()))
                .setRootForHost(commit.getRootForHost())
                .build());
    return List.of(
        BackupAnswer.newBuilder()
            .setCommitted(Committed.newBuilder().setSnapshot(base.get().getSnapshot()))
            .build());
  }

  private Reference openRoot(Commit commit, ChunkId id) {
    byte[] aad = SnapshotFormat.rootAad(host.repository(), host.host(), run, id);
    byte[] box = commit.getRootForHost().toByteArray();
    try (Secret k = SealedBox.open(host.encryptionKey(), SnapshotFormat.rootInfo(), aad, box)) {
      return new Reference(ChunkKind.PAGE, Bytes32.of(k.toByteArray()));
    }
  }

  /** Walks the clear references from the root. */
  private List<ChunkRef> missing(ChunkRef rootId) {
    List<ChunkRef> missing = new ArrayList<>();
    Set<ChunkRef> seen = new HashSet<>(Set.of(rootId));
    Deque<ChunkRef> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      ChunkRef next = open.remove();
      byte[] sealed = stored.get(next);
      if (sealed == null) {
        missing.add(next);
        continue;
      }
      SealedHeader header = SealedHeader.parse(next, sealed, 0, sealed.length);
      for (int i = 0; i < header.referenceCount(); i++) {
        if (seen.add(header.reference(i))) {
          open.add(header.reference(i));
        }
      }
    }
    return missing;
  }

  /** One reference a message, so that an agent has to take several. */
  private static List<BackupAnswer> refusals(List<ChunkRef> missing) {
    List<BackupAnswer> answers = new ArrayList<>();
    for (ChunkRef one : missing) {
      byte[] bytes = new byte[ChunkRef.LENGTH];
      bytes[0] = (byte) one.kind().number();
      System.arraycopy(one.id().toByteArray(), 0, bytes, 1, bytes.length - 1);
      answers.add(
          BackupAnswer.newBuilder()
              .setMissing(
                  MissingReferences.newBuilder()
                      .setReferences(ByteString.copyFrom(bytes))
                      .setLast(answers.size() == missing.size() - 1))
              .build());
    }
    return answers;
  }

  private static List<ChunkRef> references(ByteString encoded) {
    byte[] bytes = encoded.toByteArray();
    List<ChunkRef> references = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += ChunkRef.LENGTH) {
      references.add(new ChunkRef(ChunkKind.of(bytes[at]), ChunkId.read(bytes, at + 1)));
    }
    return references;
  }

  private final class MemoryLink implements UploadLink {
    private final BlockingQueue<BackupAnswer> answers = new LinkedBlockingQueue<>();

    @Override
    public void send(BackupRequest request) {
      handle(request, answers);
    }

    @Override
    public BackupAnswer receive() throws InterruptedException {
      BackupAnswer answer = answers.take();
      if (answer.equals(CLOSED)) {
        answers.add(CLOSED);
        throw new HoldfastException(ErrorCode.UNAVAILABLE, "the session is closed");
      }
      return answer;
    }

    @Override
    public void close() {
      answers.add(CLOSED);
    }
  }
}
