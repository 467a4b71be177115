package io.holdfast.coordinator.testkit;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.pack.PackItem;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostDetails;
import io.holdfast.proto.stored.v1.HostEnrolled;
import io.holdfast.proto.stored.v1.TokenCreated;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A host as its agent's uploads make it, without an agent: seals with the repository's real keys
 * and fills real packs. May lie, where a test tells it to. One thread.
 */
public final class TestHost {
  final TestRepository repository;
  final HostId id;
  final String name;
  final HostKeyPair ownKey;
  final Bytes32 recoveryKey;
  final ChunkKeys chunkKeys;
  final ChunkSealer sealer;
  private SessionId session;

  private TestHost(TestRepository repository, String name) {
    this.repository = repository;
    this.name = name;
    this.id = HostId.of(repository.randomness.bytes(16));
    this.ownKey = HostKeyPair.generate(repository.randomness);
    HostRecoveryKey recovery = HostRecoveryKey.generate(id, repository.randomness);
    this.recoveryKey = recovery.keyPair().publicKey();
    keep(recovery);
    this.chunkKeys = repository.generations.getLast();
    this.sealer = new ChunkSealer(chunkKeys, SealOptions.STANDARD, repository.randomness);
    newSession();
  }

  private void keep(HostRecoveryKey recovery) {
    repository.vault.create(
        ObjectName.of(KeyObject.hostRecovery(repository.id, id).name()),
        ByteBuffer.wrap(recovery.seal(repository.id, repository.master, repository.randomness)));
  }

  /** A new host of that name, enrolled by record, its recovery key in the vault. */
  public static TestHost enrol(TestRepository repository, String name) {
    TestHost host = new TestHost(repository, name);
    ByteString token = ByteString.copyFrom(repository.randomness.bytes(32));
    repository.append(
        Change.newBuilder()
            .setTokenCreated(
                TokenCreated.newBuilder().setToken(token).setExpiresMillis(Long.MAX_VALUE))
            .build());
    Change change =
        Change.newBuilder()
            .setHostEnrolled(
                HostEnrolled.newBuilder()
                    .setHost(ByteString.copyFrom(host.id.toByteArray()))
                    .setToken(token)
                    .setEncryptionKey(ByteString.copyFrom(host.ownKey.publicKey().toByteArray()))
                    .setRecoveryKey(ByteString.copyFrom(host.recoveryKey.toByteArray())))
            .build();
    Details details = Details.newBuilder().setHost(HostDetails.newBuilder().setName(name)).build();
    MutationSealer mutations = repository.mutations;
    repository.journal.append(List.of(mutations.seal(change, details))).join();
    return host;
  }

  public HostId id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** A backup to be filled and committed. */
  public TestBackup backup() {
    return new TestBackup(this);
  }

  SessionId session() {
    return session;
  }

  void newSession() {
    session = SessionId.of(repository.randomness.bytes(16));
  }

  /** K of a content. */
  public ChunkKey key(ChunkKind kind, byte[] content) {
    return sealer.key(kind, content, 0, content.length);
  }

  /** Whether the repository would answer this host's query for {@code chunk} with yes. */
  public boolean counts(ChunkRef chunk) {
    try (CatalogView view = repository.view()) {
      return !view.chunks().counts(id, List.of(chunk)).isEmpty()
          || repository.assembler.isPending(id, chunk);
    }
  }

  /** Seals and uploads {@code content}, unless it counts for this host already. */
  public ChunkKey store(ChunkKind kind, byte[] content, List<ChunkRef> references)
      throws InterruptedException {
    ChunkKey key = key(kind, content);
    if (!counts(key.ref())) {
      upload(sealer.seal(key, content, 0, content.length, references));
    }
    return key;
  }

  void upload(SealedChunk chunk) throws InterruptedException {
    upload(chunk.ref(), chunk.bytes());
  }

  /** Uploads bytes under a name, whatever they are, with honest sums over those bytes. */
  public void upload(ChunkRef name, byte[] sealed) throws InterruptedException {
    upload(name, sealed, SealedHash.of(sealed, 0, sealed.length));
  }

  /** Uploads bytes under a name and a hash, whatever they are; the CRC is theirs. */
  public void upload(ChunkRef name, byte[] sealed, SealedHash hash) throws InterruptedException {
    SealedHeader header = SealedHeader.parse(name, sealed, 0, sealed.length);
    int crc32c = PackReader.crc32c(sealed, 0, sealed.length);
    var _ =
        repository.assembler.append(
            new PackItem(id, session, name, header, crc32c, hash, ByteBuffer.wrap(sealed)));
  }

  /** Sealed bytes that look like {@code chunk} and hold something else. */
  public byte[] garbage(ChunkKind kind, String content) {
    byte[] bytes = content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return sealer.seal(key(kind, bytes), bytes, 0, bytes.length).bytes();
  }

  /** Makes everything uploaded so far durable and registered. */
  public void flush() throws InterruptedException {
    repository.assembler.flush(session);
  }
}
