package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.UploadLink;
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
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.page.PageSummary;
import io.holdfast.common.page.PageTreeWriter;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.OpenBackup;
import io.holdfast.proto.wire.v1.Upload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A backup by hand, with all that a host's enrolment gave it: a snapshot of one file, and a lie.
 */
final class LyingBackup implements AutoCloseable {
  private static final byte[] SOURCE = "/lie".getBytes(StandardCharsets.UTF_8);
  private static final Metadata METADATA = new Metadata(0644, 0, 0, 1, 0, 1, 0, 1);

  private final SimFleet.Member member;
  private final Lie lie;
  private final byte[] content;
  private final Randomness randomness;
  private final ChunkKeys keys = SimFleet.GENERATIONS.getLast();
  private final ChunkSealer sealer;
  private final ChunkKey file;
  private final ChunkKey other;
  private final List<Upload> uploads = new ArrayList<>();

  LyingBackup(SimFleet.Member member, Lie lie, byte[] content, Randomness randomness) {
    this.member = member;
    this.lie = lie;
    this.content = content;
    this.randomness = randomness;
    this.sealer = new ChunkSealer(keys, SealOptions.STANDARD, randomness);
    this.file = key(ChunkKind.DATA, content);
    byte[] garbage = randomness.bytes(content.length);
    this.other = key(ChunkKind.DATA, garbage);
    if (lie == Lie.OTHER_CLEAR_REFERENCES) {
      upload(file, content, List.of());
      upload(other, garbage, List.of());
    } else {
      upload(file, garbage, List.of());
    }
  }

  /** Sends all of it, and commits if that belongs to the lie. */
  void send(UploadLink link, RunId run) throws InterruptedException {
    Reference root = pages();
    link.send(BackupRequest.newBuilder().setOpen(opening(run)).build());
    link.receive();
    if (lie == Lie.GARBAGE_LEFT) {
      link.send(BackupRequest.newBuilder().setUpload(uploads.getFirst()).build());
      return;
    }
    for (Upload upload : uploads) {
      link.send(BackupRequest.newBuilder().setUpload(upload).build());
    }
    link.send(BackupRequest.newBuilder().setCommit(commit(run, root)).build());
    BackupAnswer answer = link.receive();
    while (answer.hasProgress()) {
      answer = link.receive();
    }
  }

  private static OpenBackup opening(RunId run) {
    return OpenBackup.newBuilder()
        .setRun(bytes(run.toByteArray()))
        .setSourceSet(bytes(sourceSet().toByteArray()))
        .build();
  }

  private Reference pages() {
    PageTreeWriter writer =
        new PageTreeWriter(
            this::page,
            (path, offset, length, segment) ->
                NameHash.of(path, offset, length, keys.gear(), segment));
    Extents extents = Extents.of(new Reference(file.kind(), file.k()), 0, content.length);
    Form form = new Form.RegularFile(content.length, Segment.of(0, extents));
    writer.add(Node.of(EntryPath.of("lie"), METADATA, form));
    return writer.finish(List.of(Octets.of(SOURCE))).root();
  }

  private Reference page(byte[] plaintext, List<Reference> references, PageSummary summary) {
    boolean lies = summary.level() == 0 && lie == Lie.OTHER_CLEAR_REFERENCES;
    List<ChunkKey> named =
        references.stream()
            .map(each -> lies ? other : new ChunkKey(each.kind(), each.key()))
            .toList();
    ChunkKey page = key(ChunkKind.PAGE, plaintext);
    upload(page, plaintext, named);
    return new Reference(page.kind(), page.k());
  }

  private ChunkKey key(ChunkKind kind, byte[] plaintext) {
    return sealer.key(kind, plaintext, 0, plaintext.length);
  }

  /** Seals {@code plaintext} under {@code key}, be it its own or not. */
  private void upload(ChunkKey key, byte[] plaintext, List<ChunkKey> references) {
    List<ChunkRef> clear = references.stream().map(ChunkKey::ref).toList();
    SealedChunk sealed = sealer.seal(key, plaintext, 0, plaintext.length, clear);
    ByteArrayOutputStream owns = new ByteArrayOutputStream();
    references.forEach(reference -> owns.writeBytes(reference.own().toByteArray()));
    byte[] hash = new byte[SealedHash.LENGTH];
    sealed.hash().write(hash, 0);
    uploads.add(
        Upload.newBuilder()
            .setKindValue(key.kind().number())
            .setId(bytes(key.id().toByteArray()))
            .setPlainLength(plaintext.length)
            .setCrc32C(sealed.crc32c())
            .setSha25616(bytes(hash))
            .setOwns(bytes(owns.toByteArray()))
            .setSealed(bytes(sealed.bytes()))
            .build());
  }

  private Commit commit(RunId run, Reference root) {
    ChunkId id = new ChunkKey(root.kind(), root.key()).id();
    Bytes32 digest = Bytes32.ZERO; // nobody here looks at what was uploaded
    byte[] statement =
        SnapshotFormat.commitStatement(
            SimFleet.REPOSITORY, member.id(), run, id, 1L, digest, sourceSet());
    return Commit.newBuilder()
        .setRoot(bytes(id.toByteArray()))
        .setHostTimeMillis(1L)
        .setRootForRecovery(box(member.recovery().publicKey(), run, root, id))
        .setRootForHost(box(member.encryption().publicKey(), run, root, id))
        .setUploadsDigest(bytes(digest.toByteArray()))
        .setSignature(bytes(member.signing().sign(SigningDomain.COMMIT, statement).toByteArray()))
        .addSources(bytes(SOURCE))
        .build();
  }

  private ByteString box(Bytes32 recipient, RunId run, Reference root, ChunkId id) {
    byte[] aad = SnapshotFormat.rootAad(SimFleet.REPOSITORY, member.id(), run, id);
    byte[] key = root.key().toByteArray();
    return bytes(SealedBox.seal(recipient, SnapshotFormat.rootInfo(), aad, key, randomness));
  }

  private static Bytes32 sourceSet() {
    return SnapshotFormat.sourceSet(List.of(SOURCE));
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  @Override
  public void close() {
    sealer.close();
  }
}
