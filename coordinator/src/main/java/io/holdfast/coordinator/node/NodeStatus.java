package io.holdfast.coordinator.node;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.browse.AdminVault;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.ingest.SnapshotCopyWriter;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.key.KeyObjects;
import io.holdfast.coordinator.leadership.LeadershipState;
import io.holdfast.coordinator.ledger.LedgerCheckpoints;
import io.holdfast.coordinator.rpc.AdminAlarms;
import io.holdfast.coordinator.rpc.AdminNode;
import io.holdfast.proto.wire.v1.ExportKeysAnswer;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.WriteCheckpointAnswer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What this coordinator says of itself. Any thread. */
final class NodeStatus implements AdminNode {
  private final Repository repository;
  private final Jobs jobs;
  private final SnapshotCopyWriter copies;
  private final LedgerCheckpoints checkpoints;
  private final AdminVault vault;
  private final AdminAlarms alarms;
  private final Instant started;

  NodeStatus(
      Repository repository,
      Jobs jobs,
      SnapshotCopyWriter copies,
      LedgerCheckpoints checkpoints,
      AdminVault vault,
      AdminAlarms alarms,
      Time time) {
    this.repository = repository;
    this.jobs = jobs;
    this.copies = copies;
    this.checkpoints = checkpoints;
    this.vault = vault;
    this.alarms = alarms;
    this.started = time.now();
  }

  @Override
  public StatusAnswer status() {
    StatusAnswer.Builder answer =
        StatusAnswer.newBuilder()
            .setVersion(Version.get())
            .setFleet(ByteString.copyFrom(repository.issuing.fleet().toByteArray()))
            .setRepository(
                ByteString.copyFrom(repository.vault.identity().repository().toByteArray()))
            .setCoordinator(ByteString.copyFrom(repository.identity.id().toByteArray()))
            .setStartedMillis(started.toEpochMilli())
            .setJobsRunning(jobs.runningJobs());
    if (repository.leadership.state() instanceof LeadershipState.Leading) {
      answer.setLeader(true).setAuthority(repository.authority());
    } else {
      answer.addWarnings(LeadershipWords.of(repository.leadership.state()));
    }
    alarms.addStatus(answer);
    addCatalog(answer);
    return answer.build();
  }

  private void addCatalog(StatusAnswer.Builder answer) {
    vault.addStatus(answer);
    try (CatalogView view = repository.ledger.view()) {
      List<HostId> hosts = view.fleet().hosts().stream().map(host -> host.id()).toList();
      answer
          .setHosts(hosts.size())
          .setHostsConnected(hosts.stream().filter(jobs::isConnected).count());
    }
  }

  @Override
  public WriteCheckpointAnswer writeCheckpoint(String actor) throws InterruptedException {
    copies.writeMissing();
    return WriteCheckpointAnswer.newBuilder().setSeq(checkpoints.write(actor)).build();
  }

  @Override
  public ExportKeysAnswer exportKeys() {
    RepositoryId id = repository.vault.identity().repository();
    int number = repository.master.get().number();
    byte[] wrapped = KeyObjects.read(repository.vault, KeyObject.masterUnderPassphrase(id, number));
    Optional<byte[]> recovery =
        repository.unlock.keys().isPrivate()
            ? Optional.of(
                KeyObjects.read(repository.vault, KeyObject.recoveryUnderPassphrase(id, number)))
            : Optional.empty();
    Bytes32 root = Fingerprint.of(repository.identity.line().newest()).value();
    return ExportKeysAnswer.newBuilder()
        .setKit(new RecoveryKit(id, root, number, wrapped, recovery).print())
        .build();
  }
}
