package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.Consents;
import io.holdfast.agent.node.OwnSnapshots;
import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.agent.postgres.RestoredCluster;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Remembers what it was asked and pretends to have done it. */
final class RecordingLocal implements LocalOperations {
  final List<Object> asked = new ArrayList<>();
  JobOutcome outcome = JobOutcome.JOB_OUTCOME_COMPLETE;

  /** Runs until closed, or ends at once. */
  static final class Node implements RunningNode {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void awaitEnd() throws InterruptedException {
      closed.await();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Override
  public InitReport init(InitRequest request) {
    asked.add(request);
    return new InitReport(
        "ab".repeat(32), ByteString.copyFrom(new byte[16]), Path.of("/kit/kit.txt"));
  }

  @Override
  public RunningNode startCoordinator(CoordinatorConfig config) {
    asked.add(config);
    return new Node();
  }

  @Override
  public RunningNode startAgent(AgentConfig config) {
    asked.add(config);
    return new Node();
  }

  @Override
  public EnrolReport enrol(AgentConfig config, SecretText token, boolean onlyPrivate) {
    asked.add(config);
    asked.add(token);
    return new EnrolReport(
        ByteString.copyFrom(new byte[16]),
        "web1",
        List.of(new HostPort("backup1", 7443)),
        "cd".repeat(32),
        onlyPrivate);
  }

  @Override
  public List<Consents.Asked> askedConsents(AgentConfig config) {
    asked.add(config);
    return List.of(new Consents.Asked("0102", "a restore in place"));
  }

  @Override
  public void answerConsent(AgentConfig config, String job, boolean yes) {
    asked.add(job + " " + yes);
  }

  @Override
  public void listRecoverable(VaultAccess access, Consumer<Snapshot> each) {
    asked.add(access);
    each.accept(Samples.SNAPSHOT);
  }

  @Override
  public MoveReport moveAgent(AgentConfig config, SecretText token, boolean asksFormer) {
    asked.add(config);
    asked.add(token.reveal());
    asked.add(asksFormer);
    return new MoveReport(
        ByteString.fromHex("0102030405060708090a0b0c0d0e0f10"),
        ByteString.fromHex("1112030405060708090a0b0c0d0e0f10"),
        List.of(new HostPort("backup2", 7443)));
  }

  @Override
  public List<OwnSnapshots.Own> ownSnapshots(AgentConfig config) {
    asked.add(config);
    return List.of();
  }

  @Override
  public JobResult restoreOwn(OwnRestoreRequest request, Consumer<JobProgress> progress) {
    asked.add(request);
    return JobResult.newBuilder().setOutcome(outcome).setFilesWritten(3).build();
  }

  @Override
  public JobResult recover(RecoverRequest request, Consumer<JobProgress> progress) {
    asked.add(request);
    progress.accept(JobProgress.newBuilder().setPhase("restoring").setFiles(3).build());
    return JobResult.newBuilder().setOutcome(outcome).setFilesWritten(3).build();
  }

  @Override
  public RebuildReport rebuildCatalog(CoordinatorConfig config) {
    asked.add(config);
    return new RebuildReport(42, 7, 3);
  }

  @Override
  public RestoredCluster.Prepared preparePostgres(Path directory, RecoveryTarget target) {
    asked.add(directory);
    asked.add(target);
    return new RestoredCluster.Prepared(
        directory.resolve("data"), List.of("restore_command = 'cp'"), Optional.of(directory));
  }

  @Override
  public void importKeys(CoordinatorConfig config, Path kit, PassphraseSource passphrase) {
    asked.add(config);
    asked.add(kit);
    asked.add(passphrase);
  }

  @Override
  public void changePassphrase(
      CoordinatorConfig config,
      PassphraseSource next,
      Optional<PassphraseSource> present,
      Consumer<String> keep) {
    asked.add(config);
    asked.add(next);
    present.ifPresent(asked::add);
    keep.accept("a kit\n");
  }
}
