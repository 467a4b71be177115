package io.holdfast.agent.backup;

import com.google.protobuf.ByteString;
import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.chunking.BundleBoundary;
import io.holdfast.common.chunking.NameHash;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.page.PageTree;
import io.holdfast.common.page.PageTreeWriter;
import io.holdfast.common.page.RootHeader;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupOpened;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.BaseSnapshot;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.Committed;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.OpenBackup;
import io.holdfast.proto.wire.v1.RunTotals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One backup from open to receipt. The calling thread merges walk and base; a second one makes
 * pages of what comes out; the pipeline's threads hash, seal and send. A commit that is refused for
 * missing chunks is repeated with these read from the host again, a few times.
 */
public final class BackupRun {
  /** Merges in one session before it gives up. */
  private static final int ATTEMPTS = 4;

  private final BackupPorts ports;
  private final BackupHost host;
  private final BackupPlan plan;
  private final RunCounters counters = new RunCounters();
  private final Instant started;
  private final long startedNanos;

  public BackupRun(BackupPorts ports, BackupHost host, BackupPlan plan) {
    this.ports = ports;
    this.host = host;
    this.plan = plan;
    this.started = ports.time().now();
    this.startedNanos = ports.time().nanos();
  }

  /** What the run has done so far; any thread. */
  public RunCounters counters() {
    return counters;
  }

  /**
   * Makes the snapshot. Interrupting the thread ends the run; nothing is committed then. Any
   * failure is a HoldfastException; running again resumes, since what is stored is not sent twice.
   */
  public BackupResult execute() throws InterruptedException {
    UploadLink link = ports.links().open();
    try {
      link.send(BackupRequest.newBuilder().setOpen(open()).build());
      BackupAnswer answer = link.receive();
      return switch (answer.getAnswerCase()) {
        case COMMITTED -> result(answer.getCommitted(), Optional.empty(), new Gaps(counters));
        case OPENED -> new Session(link, answer.getOpened()).execute();
        case QUERY, PROGRESS, MISSING, ANSWER_NOT_SET -> throw unexpected();
      };
    } finally {
      link.close();
    }
  }

  private OpenBackup.Builder open() {
    return OpenBackup.newBuilder()
        .setRun(ByteString.copyFrom(plan.run().toByteArray()))
        .setSourceSet(bytes(sourceSet()));
  }

  private Bytes32 sourceSet() {
    return SnapshotFormat.sourceSet(plan.sources());
  }

  private BackupResult result(Committed committed, Optional<ChunkId> root, Gaps gaps) {
    return new BackupResult(
        SnapshotId.of(committed.getSnapshot().toByteArray()),
        root,
        committed.getReceipt(),
        counters,
        gaps.kept(),
        duration());
  }

  private Duration duration() {
    return Duration.ofNanos(ports.time().nanos() - startedNanos);
  }

  private static HoldfastException unexpected() {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "the coordinator answered the opening of a backup with something else; are both of one"
            + " version?");
  }

  private static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.toByteArray());
  }

  /** The part of the run that has a session. */
  private final class Session {
    private final UploadLink link;
    private final Optional<BaseSnapshot> base;
    private final ChunkKeys keys;
    private final boolean keysWanted;
    private final Buffers buffers =
        new Buffers(ports.limits().bufferBytes(), ports.limits().buffers());

    /** What the last merge found; written by its page thread, which has ended when it is read. */
    private volatile Set<ChunkRef> sparse = Set.of();

    Session(UploadLink link, BackupOpened opened) {
      this.link = link;
      this.base = opened.hasBase() ? Optional.of(opened.getBase()) : Optional.empty();
      this.keys =
          host.keepsKeys()
              ? host.generations().all().getLast()
              : host.generations().get(opened.getGeneration());
      this.keysWanted = opened.getKeysWanted() && !host.keepsKeys();
    }

    BackupResult execute() throws InterruptedException {
      try (ChunkPipeline pipeline =
          new ChunkPipeline(
              link,
              keysWanted,
              this::sealer,
              ports.limits().workers(),
              ports.threads(),
              counters,
              buffers::close)) {
        MissingChunks missing = MissingChunks.NONE;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
          Gaps gaps = new Gaps(counters);
          PageTree tree = merge(pipeline, missing, gaps);
          requireSomething(gaps);
          pipeline.drain();
          List<BackupAnswer> answers = pipeline.commit(commit(pipeline, tree, gaps));
          if (answers.getLast().hasCommitted()) {
            ports.sparse().remember(sourceSet(), sparse);
            Optional<ChunkId> root = Optional.of(id(tree.root()).id());
            return result(answers.getLast().getCommitted(), root, gaps);
          }
          missing = new MissingChunks(missing(answers), BackupRun::id);
        }
      }
      throw new HoldfastException(
          ErrorCode.REFERENCES_MISSING,
          "the coordinator lost chunks of this backup "
              + ATTEMPTS
              + " times while it ran; check the vault, then run it again");
    }

    private ChunkSealer sealer() {
      return new ChunkSealer(keys, ports.sealing(), ports.randomness());
    }

    private PrintsAhead printsAhead() {
      return new PrintsAhead(
          Stream.generate(() -> new BlockFingerprinter(keys.mapKey()))
              .limit(ports.limits().workers())
              .toList(),
          ports.threads());
    }

    private PageTree merge(ChunkPipeline pipeline, MissingChunks missing, Gaps gaps)
        throws InterruptedException {
      EntryQueue queue = new EntryQueue();
      try (OpenBase content = openBase();
          SourceCursor walk = ports.sources().open(plan, gaps);
          PrintsAhead ahead = printsAhead();
          PageThread pages =
              PageThread.start(ports.threads(), queue, () -> write(queue, pipeline))) {
        BundleAssembler bundles =
            new BundleAssembler(pipeline, buffers, new BundleBoundary(keys.gear()));
        ChangeTimes times = new ChangeTimes(ports.time());
        BaseCursor cursor = new BaseCursor(content.entries());
        Rewrites rewrites = new Rewrites(content.logicalBytes(), ports.sparse().of(sourceSet()));
        SmallFiles small =
            new SmallFiles(ports.readers(), keys.tagKey(), times, bundles, queue, counters, gaps);
        LargeFiles large =
            new LargeFiles(
                times,
                new Chunkers(keys.gear()),
                new BlockFingerprinter(keys.mapKey()),
                ahead,
                pipeline,
                buffers,
                bundles,
                queue,
                counters,
                gaps,
                missing,
                rewrites,
                chunk -> content.chunk(cursor, chunk));
        Streams streams =
            new Streams(
                new Chunkers(keys.gear()).streams(),
                pipeline,
                buffers,
                bundles,
                queue,
                counters,
                ports.spills());
        new Merge(
                cursor,
                missing,
                rewrites,
                small,
                large,
                streams,
                counters,
                gaps,
                times,
                plan.readEverything())
            .run(walk);
        bundles.flush();
        queue.end();
        return pages.tree();
      }
    }

    private PageTree write(EntryQueue queue, ChunkPipeline pipeline) throws InterruptedException {
      try (ChunkSealer sealer = sealer()) {
        PageTreeWriter writer =
            new PageTreeWriter(
                new SnapshotPages(sealer, pipeline),
                (path, offset, length, segment) ->
                    NameHash.of(path, offset, length, keys.gear(), segment));
        LiveShares shares = new LiveShares();
        for (Upcoming next = queue.take(); next != null; next = queue.take()) {
          Entry entry = next.entry();
          writer.add(entry);
          shares.add(entry);
        }
        sparse = shares.finish();
        return writer.finish(
            plan.sources().stream().sorted(Arrays::compareUnsigned).map(Octets::of).toList());
      }
    }

    private OpenBase openBase() throws InterruptedException {
      if (base.isEmpty()) {
        return OpenBase.none();
      }
      return OpenBase.open(ports.bases().open(base.get()), rootReference(base.get()));
    }

    private Reference rootReference(BaseSnapshot snapshot) {
      ChunkId root = ChunkId.of(snapshot.getRoot().toByteArray());
      byte[] aad =
          SnapshotFormat.rootAad(
              host.repository(), host.host(), RunId.of(snapshot.getRun().toByteArray()), root);
      try (Secret k =
          SealedBox.open(
              host.encryptionKey(),
              SnapshotFormat.rootInfo(),
              aad,
              snapshot.getRootForHost().toByteArray())) {
        return new Reference(ChunkKind.PAGE, Bytes32.of(k.toByteArray()));
      }
    }

    private Commit commit(ChunkPipeline pipeline, PageTree tree, Gaps gaps) {
      ChunkId root = id(tree.root()).id();
      Bytes32 digest = Bytes32.of(pipeline.uploadsDigest());
      long time = started.toEpochMilli();
      byte[] statement =
          SnapshotFormat.commitStatement(
              host.repository(), host.host(), plan.run(), root, time, digest, sourceSet());
      return Commit.newBuilder()
          .setRoot(ByteString.copyFrom(root.toByteArray()))
          .setTotals(totals(tree.header(), gaps))
          .setHostTimeMillis(time)
          .setDurationMillis(duration().toMillis())
          .setRootForRecovery(sealedRoot(host.recoveryKey(), tree.root(), root))
          .setRootForHost(sealedRoot(host.encryptionKey().publicKey(), tree.root(), root))
          .setUploadsDigest(bytes(digest))
          .setSignature(
              ByteString.copyFrom(
                  host.signingKey().sign(SigningDomain.COMMIT, statement).toByteArray()))
          .addAllSources(plan.sources().stream().map(ByteString::copyFrom).toList())
          .addAllGaps(gaps.kept().stream().map(BackupRun::wire).toList())
          .build();
    }

    private ByteString sealedRoot(Bytes32 publicKey, Reference root, ChunkId id) {
      byte[] aad = SnapshotFormat.rootAad(host.repository(), host.host(), plan.run(), id);
      return ByteString.copyFrom(
          SealedBox.seal(
              publicKey,
              SnapshotFormat.rootInfo(),
              aad,
              root.key().toByteArray(),
              ports.randomness()));
    }

    private RunTotals totals(RootHeader header, Gaps gaps) {
      return RunTotals.newBuilder()
          .setEntries(header.totals().entries())
          .setFiles(header.totals().files())
          .setDirectories(header.totals().directories())
          .setLogicalBytes(header.totals().logicalBytes())
          .setGaps(Math.max(header.totals().gaps(), gaps.count()))
          .setUploadedPlainBytes(counters.uploadedPlainBytes())
          .setUploadedSealedBytes(counters.uploadedSealedBytes())
          .build();
    }
  }

  /** A disk that isn't mounted, or a mistyped path, must not become a snapshot of nothing. */
  private void requireSomething(Gaps gaps) {
    Set<EntryPath> vanished =
        gaps.kept().stream()
            .filter(gap -> gap.gap().reason() == GapReason.VANISHED)
            .map(Gaps.Found::path)
            .collect(Collectors.toSet());
    if (!plan.readsFiles()) {
      return;
    }
    List<Optional<EntryPath>> sources = plan.sources().stream().map(BackupRun::relative).toList();
    if (sources.stream().allMatch(source -> source.filter(vanished::contains).isPresent())) {
      throw new HoldfastException(
          ErrorCode.SOURCE_UNREADABLE,
          "nothing to back up: no such file or directory on this host: "
              + sources.stream()
                  .map(source -> "/" + source.orElseThrow())
                  .collect(Collectors.joining(", "))
              + "; check the path, and whether its disk is mounted");
    }
  }

  /** As entries are named; empty for the root directory. */
  private static Optional<EntryPath> relative(byte[] source) {
    String path =
        Arrays.stream(new String(source, StandardCharsets.ISO_8859_1).split("/"))
            .filter(component -> !component.isEmpty())
            .collect(Collectors.joining("/"));
    return path.isEmpty()
        ? Optional.empty()
        : Optional.of(EntryPath.of(path.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static Set<ChunkRef> missing(List<BackupAnswer> answers) {
    Set<ChunkRef> missing = new HashSet<>();
    for (BackupAnswer answer : answers) {
      byte[] references = answer.getMissing().getReferences().toByteArray();
      for (int at = 0; at + ChunkRef.LENGTH <= references.length; at += ChunkRef.LENGTH) {
        missing.add(new ChunkRef(ChunkKind.of(references[at]), ChunkId.read(references, at + 1)));
      }
    }
    return missing;
  }

  static ChunkRef id(Reference reference) {
    return new ChunkKey(reference.kind(), reference.key()).ref();
  }

  private static Gap wire(Gaps.Found gap) {
    return Gap.newBuilder()
        .setPath(ByteString.copyFrom(gap.path().toByteArray()))
        .setReason(gap.gap().reason().number())
        .setText(gap.text())
        .build();
  }
}
