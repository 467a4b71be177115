package io.holdfast.coordinator.testkit;

import com.google.protobuf.ByteString;
import io.holdfast.common.chunking.NameHash;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.page.PageSummary;
import io.holdfast.common.page.PageTree;
import io.holdfast.common.page.PageTreeWriter;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import io.holdfast.proto.stored.v1.Totals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One snapshot being made: files as literals, one data chunk each, directories added by themselves.
 * Equal files give equal pages. Used once, by one thread.
 */
public final class TestBackup {
  private byte[] source = "/srv".getBytes(StandardCharsets.UTF_8);
  private final TestHost host;
  private final TestRepository repository;
  private final Map<EntryPath, Optional<byte[]>> tree = new TreeMap<>();
  private UnaryOperator<List<ChunkRef>> clearList = references -> references;

  TestBackup(TestHost host) {
    this.host = host;
    this.repository = host.repository;
  }

  /** A file of these bytes. */
  public TestBackup file(String path, byte[] content) {
    EntryPath file = EntryPath.of(path);
    tree.put(file, Optional.of(content));
    for (Optional<EntryPath> above = file.parent();
        above.isPresent();
        above = above.get().parent()) {
      tree.putIfAbsent(above.get(), Optional.empty());
    }
    return this;
  }

  public TestBackup file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Of another source than {@code /srv}. */
  public TestBackup of(String name) {
    source = name.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** Makes every page of content say in clear that it refers to something else than it does. */
  public TestBackup lyingAboutReferences(UnaryOperator<List<ChunkRef>> lie) {
    clearList = lie;
    return this;
  }

  /** Uploads what is missing and commits; fails the test if the repository refuses. */
  public SnapshotId commit() throws InterruptedException {
    RunId run = RunId.of(repository.randomness.bytes(16));
    PageTree written = upload();
    host.flush();
    ChunkRef root = key(written.root()).ref();
    List<ChunkRef> missing = repository.checks.walk(root, host.id).missing();
    if (!missing.isEmpty()) {
      throw new AssertionError("the commit lacks " + missing);
    }
    SnapshotId snapshot = SnapshotFormat.snapshotId(host.id, run, root.id());
    repository
        .journal
        .append(List.of(repository.mutations.seal(change(snapshot, run, written), details())))
        .join();
    host.newSession();
    return snapshot;
  }

  /** Uploads chunks and pages, and commits nothing. */
  public PageTree upload() throws InterruptedException {
    PageTreeWriter pages =
        new PageTreeWriter(
            this::store,
            (path, offset, length, segment) ->
                NameHash.of(path, offset, length, host.chunkKeys.gear(), segment));
    for (Map.Entry<EntryPath, Optional<byte[]>> entry : tree.entrySet()) {
      pages.add(node(entry.getKey(), entry.getValue()));
    }
    return pages.finish(List.of(Octets.of(source)));
  }

  private Node node(EntryPath path, Optional<byte[]> content) throws InterruptedException {
    if (content.isEmpty()) {
      return Node.of(path, metadata(), Form.DIRECTORY);
    }
    byte[] bytes = content.get();
    Extents extents = Extents.EMPTY;
    if (bytes.length > 0) {
      ChunkKey key = host.store(ChunkKind.DATA, bytes, List.of());
      extents = Extents.of(new Reference(ChunkKind.DATA, key.k()), 0, bytes.length);
    }
    return Node.of(path, metadata(), new Form.RegularFile(bytes.length, Segment.of(0, extents)));
  }

  private static Metadata metadata() {
    return new Metadata(0644, 1000, 1000, 1_700_000_000, 0, 1_700_000_000, 0, 1);
  }

  private Reference store(byte[] plaintext, List<Reference> references, PageSummary summary) {
    List<ChunkRef> clear = new ArrayList<>();
    references.forEach(reference -> clear.add(key(reference).ref()));
    List<ChunkRef> told = summary.level() == 0 ? clearList.apply(clear) : clear;
    ChunkKey key = host.key(ChunkKind.PAGE, plaintext);
    if (!host.counts(key.ref())) {
      upload(host.sealer.seal(key, plaintext, 0, plaintext.length, told));
    }
    return new Reference(ChunkKind.PAGE, key.k());
  }

  private void upload(SealedChunk page) {
    try {
      host.upload(page);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static ChunkKey key(Reference reference) {
    return new ChunkKey(reference.kind(), reference.key());
  }

  private Change change(SnapshotId snapshot, RunId run, PageTree written) {
    ChunkId root = key(written.root()).id();
    io.holdfast.common.entry.Totals totals = written.header().totals();
    return Change.newBuilder()
        .setSnapshotCommitted(
            SnapshotCommitted.newBuilder()
                .setSnapshot(bytes(snapshot.toByteArray()))
                .setHost(bytes(host.id.toByteArray()))
                .setRun(bytes(run.toByteArray()))
                .setRoot(bytes(root.toByteArray()))
                .setSession(bytes(host.session().toByteArray()))
                .setOutcome(Outcome.OUTCOME_COMPLETE)
                .setTotals(
                    Totals.newBuilder()
                        .setEntries(totals.entries())
                        .setFiles(totals.files())
                        .setDirectories(totals.directories())
                        .setLogicalBytes(totals.logicalBytes()))
                .setHostTimeMillis(repository.time.now().toEpochMilli())
                .setRootForRecovery(bytes(box(host.recoveryKey, run, root, written.root())))
                .setRootForHost(bytes(box(host.ownKey.publicKey(), run, root, written.root())))
                .setSourceSet(bytes(SnapshotFormat.sourceSet(List.of(source)).toByteArray())))
        .build();
  }

  private byte[] box(Bytes32 recipient, RunId run, ChunkId rootId, Reference root) {
    return SealedBox.seal(
        recipient,
        SnapshotFormat.rootInfo(),
        SnapshotFormat.rootAad(repository.id, host.id, run, rootId),
        root.key().toByteArray(),
        repository.randomness);
  }

  private Details details() {
    return Details.newBuilder()
        .setSnapshot(
            SnapshotDetails.newBuilder()
                .setHostName(host.name)
                .addSources(bytes(source))
                .setDurationMillis(1_000))
        .build();
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }
}
