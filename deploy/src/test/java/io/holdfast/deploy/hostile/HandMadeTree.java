package io.holdfast.deploy.hostile;

import io.holdfast.common.chunking.NameHash;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.page.PageSummary;
import io.holdfast.common.page.PageTreeWriter;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.Upload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A snapshot's chunks and pages, made by hand and ready to be sent. Pages may be forged: their
 * plaintext before it is named and sealed, so that it opens and proves like any other, and their
 * clear references after. Used once, by one thread.
 */
final class HandMadeTree {
  static final Metadata METADATA = new Metadata(0644, 0, 0, 1_700_000_000, 0, 1_700_000_000, 0, 1);

  private final HostileAgent agent;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Upload.Builder> uploads = new ArrayList<>();
  private UnaryOperator<byte[]> leafForgery = plaintext -> plaintext;
  private UnaryOperator<List<ChunkRef>> clearLie = references -> references;
  private Reference root;

  HandMadeTree(HostileAgent agent) {
    this.agent = agent;
  }

  HandMadeTree directory(String path) {
    return entry(Node.of(EntryPath.of(path), METADATA, Form.DIRECTORY));
  }

  /** A file in one chunk of its own, which is sent too. */
  HandMadeTree file(String path, String content) {
    return file(path, content, METADATA);
  }

  HandMadeTree file(String path, String content, Metadata metadata) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    uploads.add(
        HostileAgent.upload(agent.seal(ChunkKind.DATA, bytes, List.of()), bytes.length, List.of()));
    return referring(path, agent.key(ChunkKind.DATA, bytes), bytes.length, metadata);
  }

  /** A file whose content lies in a chunk that is not sent. */
  HandMadeTree referring(String path, ChunkKey chunk, int length) {
    return referring(path, chunk, length, METADATA);
  }

  private HandMadeTree referring(String path, ChunkKey chunk, int length, Metadata metadata) {
    Extents extents = Extents.of(new Reference(chunk.kind(), chunk.k()), 0, length);
    return entry(
        Node.of(
            EntryPath.of(path), metadata, new Form.RegularFile(length, Segment.of(0, extents))));
  }

  /** The name of a data chunk with that content. */
  ChunkKey chunkOf(String content) {
    return agent.key(ChunkKind.DATA, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A file in a chunk whose body is a frame of far more zeros than its header says: sealed with the
   * right key, under the right name of what it pretends to hold.
   */
  HandMadeTree bomb(String path) {
    byte[] pretended = new byte[1_000];
    ChunkKey chunk = agent.key(ChunkKind.DATA, pretended);
    byte[] sealed = Bomb.sealed(agent.identity.record().repository(), chunk, pretended.length);
    uploads.add(HostileAgent.upload(chunk.ref(), sealed, pretended.length, List.of()));
    return referring(path, chunk, pretended.length);
  }

  HandMadeTree entry(Entry entry) {
    entries.add(entry);
    return this;
  }

  /** Changes the plaintext of leaf pages before they get their names. */
  HandMadeTree forgingLeaves(UnaryOperator<byte[]> forgery) {
    leafForgery = forgery;
    return this;
  }

  /** Changes what leaf pages say in clear that they refer to. */
  HandMadeTree lyingInClear(UnaryOperator<List<ChunkRef>> lie) {
    clearLie = lie;
    return this;
  }

  /** Makes the pages; afterwards there are a root and uploads. */
  HandMadeTree make() {
    PageTreeWriter writer =
        new PageTreeWriter(
            this::store,
            (path, offset, length, segment) ->
                NameHash.of(path, offset, length, agent.keys.gear(), segment));
    entries.forEach(writer::add);
    root = writer.finish(HostileAgent.sources()).root();
    return this;
  }

  private Reference store(byte[] plaintext, List<Reference> references, PageSummary summary) {
    boolean leaf = summary.level() == 0;
    byte[] forged = leaf ? leafForgery.apply(plaintext) : plaintext;
    List<ChunkKey> keys =
        references.stream().map(each -> new ChunkKey(each.kind(), each.key())).toList();
    List<ChunkRef> clear = keys.stream().map(ChunkKey::ref).toList();
    uploads.add(
        HostileAgent.upload(
            agent.seal(ChunkKind.PAGE, forged, leaf ? clearLie.apply(clear) : clear),
            forged.length,
            keys));
    return new Reference(ChunkKind.PAGE, agent.key(ChunkKind.PAGE, forged).k());
  }

  Reference root() {
    return root;
  }

  ChunkRef rootRef() {
    return new ChunkKey(root.kind(), root.key()).ref();
  }

  /** In the order in which they have to be sent. */
  List<Upload.Builder> uploads() {
    return uploads;
  }

  /** Sends it all in a session and commits it. */
  SnapshotId commit(RunId run) throws InterruptedException {
    try (var session = agent.session(run)) {
      uploads.forEach(upload -> session.send(HostileAgent.request(upload)));
      session.send(HostileAgent.request(agent.commit(run, root)));
      BackupAnswer answer = session.answer();
      while (answer.hasProgress()) {
        answer = session.answer();
      }
      if (!answer.hasCommitted()) {
        throw new AssertionError("it was not committed: " + answer);
      }
      return SnapshotId.of(answer.getCommitted().getSnapshot().toByteArray());
    }
  }
}
