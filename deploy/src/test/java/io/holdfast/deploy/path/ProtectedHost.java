package io.holdfast.deploy.path;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupHost;
import io.holdfast.agent.backup.BackupLimits;
import io.holdfast.agent.backup.BackupPlan;
import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.backup.BackupRun;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.enrolment.GrantedKeys;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.SealedKeys;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorReads;
import io.holdfast.agent.link.PageCache;
import io.holdfast.agent.link.SnapshotReads;
import io.holdfast.agent.receipt.CommittedRun;
import io.holdfast.agent.receipt.Receipts;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.restore.RestoreRun;
import io.holdfast.agent.source.HostFiles;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.PathFilter;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkLimits;
import io.holdfast.agent.walk.WalkOptions;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.OpenBackup;
import io.holdfast.proto.wire.v1.Query;
import io.holdfast.proto.wire.v1.Upload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.zip.CRC32C;

/** An enrolled host that backs up and restores on the test's own thread. */
public final class ProtectedHost implements AutoCloseable {
  private final HostIdentity identity;
  private final StateDirectory state;
  private final Time time;
  private final Randomness randomness;
  private final CoordinatorChannel channel;
  private final GrantedKeys generations;
  private Runnable sealedKeys;
  private final ExecutorService readers =
      Executors.newFixedThreadPool(4, Thread.ofPlatform().daemon().factory());
  private final ThreadFactory threads = Thread.ofPlatform().daemon().factory();

  public ProtectedHost(
      HostIdentity identity,
      Endpoint coordinator,
      StateDirectory state,
      Time time,
      Randomness randomness) {
    this.identity = identity;
    this.state = state;
    this.time = time;
    this.randomness = randomness;
    this.channel =
        new CoordinatorChannel(
            List.of(coordinator),
            TlsContexts.of(time).client(identity.credential(), identity.trust()));
    this.generations = GrantedKeys.of(state, identity, channel);
    this.sealedKeys = new SealedKeys(state, identity, channel);
  }

  /** From now on it backs up without having handed in its keys, as no agent does. */
  void handInNothing() {
    sealedKeys = () -> {};
  }

  HostIdentity identity() {
    return identity;
  }

  public BackupResult backup(Path... paths) throws InterruptedException {
    return backup(List.of(paths), new RateLimit(time, 0), new RateLimit(time, 0));
  }

  BackupResult backup(List<Path> paths, RateLimit reading, RateLimit sending)
      throws InterruptedException {
    CoordinatorReads coordinator = new CoordinatorReads(channel, generations, sealedKeys);
    List<byte[]> sources =
        paths.stream().map(path -> path.toString().getBytes(StandardCharsets.UTF_8)).toList();
    BackupPorts ports =
        new BackupPorts(
            () -> coordinator.upload(sending, PageCache.NONE),
            base -> coordinator.base(base, PageCache.NONE),
            (plan, gaps) ->
                new HostFiles(
                    WalkCursor.open(
                        new WalkOptions(
                            sources,
                            PathFilter.none(),
                            List.of(),
                            false,
                            true,
                            state.scratch(),
                            WalkLimits.defaults()),
                        readers),
                    gaps,
                    reading),
            readers,
            threads,
            BackupLimits.STANDARD,
            SealOptions.STANDARD,
            time,
            randomness);
    BackupHost host =
        new BackupHost(
            identity.record().host(),
            identity.record().repository(),
            generations,
            identity.signingKey(),
            identity.encryptionKey(),
            identity.grant().recoveryPublicKey(),
            identity.grant().isPrivate());
    BackupPlan plan = new BackupPlan(RunId.of(randomness.bytes(16)), sources, false);
    BackupResult result = new BackupRun(ports, host, plan).execute();
    keepReceipt(plan, result);
    return result;
  }

  /**
   * Stores {@code content} as a chunk of that kind, in each of {@code copies}: as it is, or with a
   * flipped bit and honest sums over that, as an agent on a machine with bad memory would.
   */
  void store(ChunkKind kind, byte[] content, boolean... copies) throws InterruptedException {
    UploadLink link =
        new CoordinatorReads(channel, generations, sealedKeys)
            .upload(new RateLimit(time, 0), PageCache.NONE);
    try (ChunkSealer sealer =
        new ChunkSealer(generations.all().getLast(), SealOptions.STANDARD, randomness)) {
      link.send(
          BackupRequest.newBuilder()
              .setOpen(
                  OpenBackup.newBuilder()
                      .setRun(ByteString.copyFrom(randomness.bytes(16)))
                      .setSourceSet(ByteString.copyFrom(new byte[32])))
              .build());
      link.receive();
      ChunkKey key = sealer.key(kind, content, 0, content.length);
      for (boolean good : copies) {
        byte[] sealed = sealer.seal(key, content, 0, content.length).bytes();
        sealed[sealed.length - 1] ^= (byte) (good ? 0 : 1);
        link.send(upload(sealer.ref(key), content.length, sealed));
      }
      awaitKnown(link, sealer.ref(key));
    } finally {
      link.close();
    }
  }

  private static BackupRequest upload(ChunkRef chunk, int plainLength, byte[] sealed) {
    CRC32C crc = new CRC32C();
    crc.update(sealed);
    byte[] hash = new byte[SealedHash.LENGTH];
    SealedHash.of(sealed, 0, sealed.length).write(hash, 0);
    return BackupRequest.newBuilder()
        .setUpload(
            Upload.newBuilder()
                .setKindValue(chunk.kind().number())
                .setId(ByteString.copyFrom(chunk.id().toByteArray()))
                .setPlainLength(plainLength)
                .setCrc32C((int) crc.getValue())
                .setSha25616(ByteString.copyFrom(hash))
                .setSealed(ByteString.copyFrom(sealed)))
        .build();
  }

  /** Requests are handled in order: once this is answered, what was uploaded before was taken. */
  private static void awaitKnown(UploadLink link, ChunkRef chunk) throws InterruptedException {
    ByteString reference =
        ByteString.copyFrom(new byte[] {(byte) chunk.kind().number()})
            .concat(ByteString.copyFrom(chunk.id().toByteArray()));
    link.send(
        BackupRequest.newBuilder().setQuery(Query.newBuilder().setReferences(reference)).build());
    BackupAnswer answer = link.receive();
    if (!answer.hasQuery() || answer.getQuery().getKnown().isEmpty()) {
      throw new AssertionError("the upload was not taken: " + answer);
    }
  }

  /** Fails unless the coordinator's receipt verifies. */
  private void keepReceipt(BackupPlan plan, BackupResult result) {
    Receipts receipts =
        new Receipts(
            state.receipts(),
            identity.roots().history(),
            identity.record().repository(),
            identity.record().host(),
            time);
    CommittedRun commit =
        new CommittedRun(
            plan.run(), result.snapshot(), result.root(), SnapshotFormat.sourceSet(plan.sources()));
    receipts.verify(result.receipt().toByteArray(), commit);
    receipts.keep(result.receipt().toByteArray(), commit);
  }

  public OpenSnapshot open(SnapshotId snapshot) throws InterruptedException {
    return new SnapshotReads(
            channel,
            identity.record().repository(),
            identity.encryptionKey(),
            generations,
            PageCache.NONE)
        .open(snapshot, new byte[0]);
  }

  public RestoreResult restore(SnapshotId snapshot, Path target, RestorePlan plan)
      throws InterruptedException {
    try (OpenSnapshot open = open(snapshot)) {
      return restore(open, target, plan, RestoreLimits.STANDARD);
    }
  }

  public RestoreResult restore(
      OpenSnapshot snapshot, Path target, RestorePlan plan, RestoreLimits limits)
      throws InterruptedException {
    RestorePorts ports = new RestorePorts(threads, limits, state.scratch(), time);
    byte[] directory = target.toString().getBytes(StandardCharsets.UTF_8);
    return new RestoreRun(snapshot, directory, plan, ports).execute();
  }

  @Override
  public void close() {
    channel.close();
    readers.shutdownNow();
    identity.close();
  }
}
