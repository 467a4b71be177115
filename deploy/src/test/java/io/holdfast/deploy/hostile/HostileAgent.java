package io.holdfast.deploy.hostile;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.BackupOpened;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.OpenBackup;
import io.holdfast.proto.wire.v1.Query;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadGrpc;
import io.holdfast.proto.wire.v1.ReadRequest;
import io.holdfast.proto.wire.v1.Upload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A host with a valid certificate and all that its enrolment gave it, which speaks the protocol by
 * hand. Whatever it makes is right until a test makes it wrong. One thread.
 */
final class HostileAgent implements AutoCloseable {
  static final byte[] SOURCE = "/srv".getBytes(StandardCharsets.UTF_8);

  private final Fleet fleet;
  final HostIdentity identity;
  final ChunkKeys keys;
  final ChunkSealer sealer;
  final ManagedChannel channel;

  private HostileAgent(Fleet fleet, HostIdentity identity) {
    this.fleet = fleet;
    this.identity = identity;
    this.keys =
        ChunkKeys.of(identity.record().repository(), identity.grant().generations().current());
    this.sealer = new ChunkSealer(keys, SealOptions.STANDARD, fleet.randomness);
    this.channel = connect();
  }

  /** Enrols a host of that name. */
  static HostileAgent enrol(Fleet fleet, String name) throws IOException {
    fleet.enrol(name).close();
    return of(fleet, name);
  }

  /** Speaks as a host that was enrolled before. */
  static HostileAgent of(Fleet fleet, String name) {
    return new HostileAgent(fleet, HostIdentity.load(fleet.state(name), fleet.randomness));
  }

  /** A connection of its own, under this host's certificate. */
  ManagedChannel connect() {
    return NettyChannelBuilder.forAddress(fleet.endpoint().host(), fleet.endpoint().port())
        .sslContext(TlsContexts.of(fleet.time).client(identity.credential(), identity.trust()))
        .maxInboundMessageSize(16 << 20)
        .disableRetry()
        .build();
  }

  HostId id() {
    return identity.record().host();
  }

  RunId newRun() {
    return RunId.of(fleet.randomness.bytes(16));
  }

  // Calls.

  RawCall<BackupRequest, BackupAnswer> backupCall() {
    return RawCall.open(BackupGrpc.newStub(channel)::session);
  }

  /** A session that is open. */
  RawCall<BackupRequest, BackupAnswer> session(RunId run) throws InterruptedException {
    RawCall<BackupRequest, BackupAnswer> call = backupCall();
    call.send(open(run));
    BackupOpened opened = call.answer().getOpened();
    if (opened.getSession().isEmpty()) {
      throw new AssertionError("the session was not opened");
    }
    return call;
  }

  RawCall<ReadRequest, ReadAnswer> readCall() {
    return RawCall.open(ReadGrpc.newStub(channel)::session);
  }

  // Requests.

  static BackupRequest open(RunId run) {
    return BackupRequest.newBuilder()
        .setOpen(
            OpenBackup.newBuilder()
                .setRun(bytes(run.toByteArray()))
                .setSourceSet(bytes(SnapshotFormat.sourceSet(List.of(SOURCE)).toByteArray())))
        .build();
  }

  static BackupRequest query(List<ChunkRef> chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    chunks.forEach(chunk -> {
      out.write(chunk.kind().number());
      out.writeBytes(chunk.id().toByteArray());
    });
    return BackupRequest.newBuilder()
        .setQuery(Query.newBuilder().setNumber(1).setReferences(bytes(out.toByteArray())))
        .build();
  }

  ChunkKey key(ChunkKind kind, byte[] content) {
    return sealer.key(kind, content, 0, content.length);
  }

  SealedChunk seal(ChunkKind kind, byte[] content, List<ChunkRef> references) {
    return sealer.seal(key(kind, content), content, 0, content.length, references);
  }

  /** An honest upload of {@code chunk}, to be made dishonest. */
  static Upload.Builder upload(SealedChunk chunk, int plainLength, List<ChunkKey> references) {
    return upload(chunk.ref(), chunk.bytes(), plainLength, references);
  }

  /** Uploads these bytes under this name, with honest sums over them. */
  static Upload.Builder upload(
      ChunkRef name, byte[] sealed, int plainLength, List<ChunkKey> references) {
    CRC32C crc = new CRC32C();
    crc.update(sealed);
    ByteArrayOutputStream owns = new ByteArrayOutputStream();
    references.forEach(reference -> owns.writeBytes(reference.own().toByteArray()));
    byte[] hash = new byte[SealedHash.LENGTH];
    SealedHash.of(sealed, 0, sealed.length).write(hash, 0);
    return Upload.newBuilder()
        .setKindValue(name.kind().number())
        .setId(bytes(name.id().toByteArray()))
        .setPlainLength(plainLength)
        .setCrc32C((int) crc.getValue())
        .setSha25616(bytes(hash))
        .setOwns(bytes(owns.toByteArray()))
        .setSealed(bytes(sealed));
  }

  static BackupRequest request(Upload.Builder upload) {
    return BackupRequest.newBuilder().setUpload(upload).build();
  }

  static BackupRequest request(Commit.Builder commit) {
    return BackupRequest.newBuilder().setCommit(commit).build();
  }

  /** An honest commit, to be made dishonest. */
  Commit.Builder commit(RunId run, Reference root) {
    return commit(run, root, id(), identity.signingKey());
  }

  Commit.Builder commit(RunId run, Reference root, HostId signedFor, SigningKey signer) {
    ChunkId id = new ChunkKey(root.kind(), root.key()).id();
    Bytes32 digest = Bytes32.of(new byte[32]);
    byte[] statement =
        SnapshotFormat.commitStatement(
            identity.record().repository(),
            signedFor,
            run,
            id,
            1L,
            digest,
            SnapshotFormat.sourceSet(List.of(SOURCE)));
    return Commit.newBuilder()
        .setRoot(bytes(id.toByteArray()))
        .setHostTimeMillis(1L)
        .setRootForRecovery(box(identity.grant().recoveryPublicKey(), run, root, id))
        .setRootForHost(box(identity.encryptionKey().publicKey(), run, root, id))
        .setUploadsDigest(bytes(digest.toByteArray()))
        .setSignature(bytes(signer.sign(SigningDomain.COMMIT, statement).toByteArray()))
        .addSources(bytes(SOURCE));
  }

  private ByteString box(Bytes32 recipient, RunId run, Reference root, ChunkId id) {
    byte[] aad = SnapshotFormat.rootAad(identity.record().repository(), id(), run, id);
    return bytes(
        SealedBox.seal(
            recipient, SnapshotFormat.rootInfo(), aad, root.key().toByteArray(), fleet.randomness));
  }

  static List<Octets> sources() {
    return List.of(Octets.of(SOURCE));
  }

  static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    sealer.close();
    identity.close();
  }
}
