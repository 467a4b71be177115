package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.HostRecord;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentService;
import io.holdfast.agent.node.Consents;
import io.holdfast.agent.node.LocalFacts;
import io.holdfast.agent.node.LocalRestore;
import io.holdfast.agent.node.Moves;
import io.holdfast.agent.node.OwnSnapshots;
import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.agent.postgres.RestoredCluster;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.node.CatalogMaintenance;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.CoordinatorNode;
import io.holdfast.coordinator.node.Founding;
import io.holdfast.coordinator.node.KeyImport;
import io.holdfast.coordinator.node.PassphraseChange;
import io.holdfast.coordinator.recovery.CatalogRebuild;
import io.holdfast.coordinator.recovery.RecoverableSnapshot;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RunTotals;
import io.holdfast.proto.wire.v1.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The local operations by the agent's and the coordinator's own classes. */
final class LocalCommands implements LocalOperations {
  private final Time time;
  private final Randomness randomness;

  LocalCommands(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  @Override
  public InitReport init(InitRequest request) {
    Path vault = request.config().vault().directory();
    if (!Files.isDirectory(vault)) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no directory "
              + vault
              + " for the vault: mount the disk that it lies on, or make it: mkdir "
              + vault);
    }
    try (Passphrase passphrase = request.passphrase().open()) {
      Founding.Made made =
          new Founding(request.config(), time, randomness)
              .make(
                  passphrase,
                  request.isPrivate()
                      ? RepositoryMode.REPOSITORY_MODE_PRIVATE
                      : RepositoryMode.REPOSITORY_MODE_SHARED);
      return new InitReport(
          made.root().toString(), ByteString.copyFrom(made.repository().toByteArray()), made.kit());
    }
  }

  @Override
  public RunningNode startCoordinator(CoordinatorConfig config) {
    CoordinatorNode node;
    try {
      node = CoordinatorNode.start(config, time, randomness);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "the start was interrupted", e);
    }
    return new RunningNode() {
      @Override
      public void awaitEnd() throws InterruptedException {
        node.awaitEnd();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }

  @Override
  public RunningNode startAgent(AgentConfig config) {
    AgentService node = AgentService.start(config, time, randomness);
    return new RunningNode() {
      @Override
      public void awaitEnd() throws InterruptedException {
        node.awaitEnd();
      }

      @Override
      public void close() {
        node.close();
      }
    };
  }

  @Override
  public EnrolReport enrol(AgentConfig config, SecretText token, boolean onlyPrivate) {
    HostFacts facts = LocalFacts.of(config);
    try (EnrolmentToken parsed = EnrolmentToken.parse(token.reveal());
        HostIdentity identity =
            new Enrolment(StateDirectory.open(config.dataDir()), time, randomness)
                .enrol(parsed, facts, onlyPrivate)) {
      List<HostPort> coordinators =
          identity.record().coordinators().stream()
              .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
              .toList();
      return new EnrolReport(
          ByteString.copyFrom(identity.record().host().toByteArray()),
          facts.getName(),
          coordinators,
          identity.encryptionKey().publicKey().toString(),
          identity.grant().isPrivate());
    }
  }

  @Override
  public MoveReport moveAgent(AgentConfig config, SecretText token, boolean asksFormer)
      throws InterruptedException {
    try (EnrolmentToken parsed = EnrolmentToken.parse(token.reveal())) {
      HostRecord there = new Moves(config, time, randomness).run(parsed, asksFormer);
      return new MoveReport(
          ByteString.copyFrom(there.host().toByteArray()),
          ByteString.copyFrom(there.repository().toByteArray()),
          there.coordinators().stream().map(at -> new HostPort(at.host(), at.port())).toList());
    }
  }

  @Override
  public List<OwnSnapshots.Own> ownSnapshots(AgentConfig config) {
    return own(config).list();
  }

  private OwnSnapshots own(AgentConfig config) {
    return new OwnSnapshots(
        StateDirectory.open(config.dataDir()), config.endpoints(), time, randomness);
  }

  @Override
  public JobResult restoreOwn(OwnRestoreRequest request, Consumer<JobProgress> progress) {
    try (Scratch scratch = Scratch.create()) {
      return own(request.config())
          .restore(
              new OwnSnapshots.Request(
                  request.snapshot(),
                  request.repository(),
                  request.paths(),
                  request.target(),
                  scratch.directory("restore")),
              progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.CANCELLED, "the restore was interrupted; run it again to go on", e);
    }
  }

  @Override
  public List<Consents.Asked> askedConsents(AgentConfig config) {
    return consents(config).asked();
  }

  @Override
  public void answerConsent(AgentConfig config, String job, boolean yes) {
    consents(config).answer(job, yes);
  }

  private static Consents consents(AgentConfig config) {
    return new Consents(StateDirectory.open(config.dataDir()).consents());
  }

  @Override
  public void listRecoverable(VaultAccess access, Consumer<Snapshot> each) {
    try (Scratch scratch = Scratch.create();
        Recovery recovery = open(access, scratch)) {
      recovery.forEach(snapshot -> each.accept(describe(snapshot)));
    }
  }

  @Override
  public JobResult recover(RecoverRequest request, Consumer<JobProgress> progress) {
    try (Scratch scratch = Scratch.create();
        Recovery recovery = open(request.access(), scratch);
        OpenSnapshot snapshot = recovery.open(recovery.find(request.snapshot()))) {
      return LocalRestore.run(
          snapshot,
          request.target(),
          request.paths(),
          progress,
          new RestorePorts(
              Thread.ofPlatform().daemon().name("restore-", 0).factory(),
              RestoreLimits.STANDARD,
              scratch.directory("restore"),
              time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.CANCELLED,
          "the recovery was interrupted; run it again into an empty target",
          e);
    }
  }

  @Override
  public RebuildReport rebuildCatalog(CoordinatorConfig config) {
    CatalogRebuild.Rebuilt rebuilt = CatalogMaintenance.rebuild(config, randomness);
    return new RebuildReport(rebuilt.seq(), rebuilt.snapshots(), rebuilt.packs());
  }

  @Override
  public RestoredCluster.Prepared preparePostgres(Path directory, RecoveryTarget target) {
    return RestoredCluster.prepare(directory, target);
  }

  @Override
  public void importKeys(CoordinatorConfig config, Path kit, PassphraseSource source) {
    try (Passphrase passphrase = source.open()) {
      KeyImport.run(config, kit(kit), passphrase, time, randomness);
    }
  }

  @Override
  public void changePassphrase(
      CoordinatorConfig config,
      PassphraseSource next,
      Optional<PassphraseSource> present,
      Consumer<String> keep) {
    Optional<Passphrase> former = present.map(PassphraseSource::open);
    try (Passphrase passphrase = next.open()) {
      PassphraseChange.run(config, passphrase, former, kit -> keep.accept(kit.print()), randomness);
    } finally {
      former.ifPresent(Passphrase::close);
    }
  }

  private Recovery open(VaultAccess access, Scratch scratch) {
    try (Passphrase passphrase = access.passphrase().open()) {
      return Recovery.open(
          new Recovery.Request(
              access.vault(), access.kit().map(LocalCommands::kit), scratch.directory("catalog")),
          passphrase,
          FileSystem.local(),
          randomness);
    }
  }

  private static RecoveryKit kit(Path file) {
    try (Secret text = SecretFile.read(file)) {
      return RecoveryKit.parse(new String(text.toByteArray(), StandardCharsets.UTF_8));
    }
  }

  private static Snapshot describe(RecoverableSnapshot snapshot) {
    SnapshotCommitted committed = snapshot.stored().committed();
    Totals totals = committed.getTotals();
    return Snapshot.newBuilder()
        .setSnapshot(committed.getSnapshot())
        .setHost(committed.getHost())
        .setHostName(snapshot.details().getHostName())
        .addAllSources(snapshot.details().getSourcesList())
        .setTimeMillis(snapshot.stored().timeMillis())
        .setHostTimeMillis(committed.getHostTimeMillis())
        .setDurationMillis(snapshot.details().getDurationMillis())
        .setComplete(committed.getOutcome() == Outcome.OUTCOME_COMPLETE)
        .setRoot(committed.getRoot())
        .setRun(committed.getRun())
        .setSeq(snapshot.stored().seq())
        .setTotals(
            RunTotals.newBuilder()
                .setEntries(totals.getEntries())
                .setFiles(totals.getFiles())
                .setDirectories(totals.getDirectories())
                .setLogicalBytes(totals.getLogicalBytes())
                .setGaps(totals.getGaps()))
        .build();
  }
}
