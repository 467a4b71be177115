package io.holdfast.deploy.path;

import io.holdfast.agent.backup.BackupHost;
import io.holdfast.agent.backup.BackupLimits;
import io.holdfast.agent.backup.BackupPlan;
import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.backup.BackupRun;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorReads;
import io.holdfast.agent.link.PageCache;
import io.holdfast.agent.link.SnapshotReads;
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
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.OpenSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** An enrolled host that backs up and restores on the test's own thread. */
public final class ProtectedHost implements AutoCloseable {
  private final HostIdentity identity;
  private final StateDirectory state;
  private final Time time;
  private final Randomness randomness;
  private final CoordinatorChannel channel;
  private final List<ChunkKeys> generations;
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
    this.generations =
        identity.grant().generations().all().stream()
            .map(generation -> ChunkKeys.of(identity.record().repository(), generation))
            .toList();
  }

  public BackupResult backup(Path source) throws InterruptedException {
    return backup(source, new RateLimit(time, 0), new RateLimit(time, 0));
  }

  BackupResult backup(Path source, RateLimit reading, RateLimit sending)
      throws InterruptedException {
    CoordinatorReads coordinator = new CoordinatorReads(channel, generations);
    List<byte[]> sources = List.of(source.toString().getBytes(StandardCharsets.UTF_8));
    BackupPorts ports =
        new BackupPorts(
            () -> coordinator.upload(sending),
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
            identity.grant().recoveryPublicKey());
    BackupPlan plan = new BackupPlan(RunId.of(randomness.bytes(16)), sources, false);
    return new BackupRun(ports, host, plan).execute();
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
