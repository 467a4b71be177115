package io.holdfast.deploy.hostile;

import static io.holdfast.deploy.hostile.HostileAgent.bytes;
import static io.holdfast.deploy.hostile.HostileAgent.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.MovableTime;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.ApproveRetentionRequest;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RunRetentionAnswer;
import io.holdfast.proto.wire.v1.SetHostQuotaRequest;
import io.holdfast.proto.wire.v1.SnapshotState;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody who took over a host does to what is there: fakes that shall push good snapshots
 * out, floods, and garbage under names that are taken.
 */
@Timeout(300)
class HostileHistoryTest {
  /** Of fakes: below what is a flood, and above. */
  private static final int SOME = 30;

  private static final int FLOOD = 60;

  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private Fleet fleet;
  private AdminLink admin;
  private HostileAgent mallory;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.proving(directory.resolve("fleet"), time, "");
    admin = fleet.admin();
    admin.confirmClock(true);
    mallory = HostileAgent.enrol(fleet, "mallory");
  }

  @AfterEach
  void stop() {
    mallory.close();
    admin.close();
    fleet.close();
  }

  private void awaitProven() throws Exception {
    Siege.await("all is proven", () -> admin.status().getSnapshotsUnproven() == 0);
  }

  // Fakes.

  private void keepTheLastTwo() {
    admin.applyPolicies(
        ApplyPoliciesRequest.newBuilder()
            .setFile("p.yaml")
            .setText(
                """
                apiVersion: holdfast/v1
                kind: Policy
                metadata: {name: hourly}
                spec:
                  selector: {}
                  source: {files: {include: ["/srv"]}}
                  schedule: {cron: "0 * * * *"}
                  retention: {last: 2, within: 1d}
                """)
            .setConfirmed(true)
            .build());
  }

  /** Obeys the order that the schedule gives once so much time has passed. */
  private SnapshotId scheduled(Duration later, String content) throws Exception {
    time.advance(later);
    admin.confirmClock(true);
    try (ControlByHand control = ControlByHand.open(mallory)) {
      Order order = control.order();
      RunId run = RunId.of(order.getBackup().getRun().toByteArray());
      SnapshotId snapshot = commit(run, content);
      control.result(
          JobResult.newBuilder()
              .setJob(order.getJob())
              .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE)
              .setSnapshot(bytes(snapshot.toByteArray())));
      return snapshot;
    }
  }

  private SnapshotId commit(RunId run, String content) throws Exception {
    return new HandMadeTree(mallory).file("f", content).make().commit(run);
  }

  private void fake(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      commit(mallory.newRun(), "fake " + i + " of " + count);
    }
  }

  private List<SnapshotId> live() {
    List<SnapshotId> live = new ArrayList<>();
    admin.snapshots(
        ListSnapshotsRequest.getDefaultInstance(),
        snapshot -> live.add(SnapshotId.of(snapshot.getSnapshot().toByteArray())));
    return live;
  }

  private RunRetentionAnswer prune() throws Exception {
    awaitProven();
    return admin.runRetention("mallory");
  }

  private void assertKept(SnapshotId... good) {
    assertTrue(live().containsAll(List.of(good)), () -> "lost one of " + List.of(good));
  }

  @Test
  void shouldPushOutNothingThatWasScheduledByFakesOfTheSameSource() throws Exception {
    keepTheLastTwo();
    scheduled(Duration.ofHours(1), "old");
    SnapshotId good = scheduled(Duration.ofHours(1), "good");
    fake(SOME);
    SnapshotId newest = scheduled(Duration.ofDays(2), "newest");
    assertEquals(SOME + 3, live().size());

    RunRetentionAnswer braked = prune();
    assertEquals(0, braked.getDeleted(), braked::toString);
    assertTrue(braked.getBrakes(0).contains("more than half"), braked::toString);

    admin.approveRetention(
        ApproveRetentionRequest.newBuilder().setHost("mallory").setExpiring(100).build());
    prune();
    assertTrue(live().size() < SOME / 2, () -> live() + " are left");
    assertKept(good, newest); // the last two that a schedule asked for, as if they were alone

    fake(FLOOD);
    time.advance(Duration.ofDays(2));
    admin.confirmClock(true);
    RunRetentionAnswer flooded = prune();
    assertEquals(0, flooded.getDeleted(), flooded::toString);
    assertTrue(
        flooded.getBrakesList().stream().anyMatch(line -> line.contains("unscheduled snapshots")),
        flooded::toString);
    SnapshotId after = scheduled(Duration.ofHours(1), "after");
    assertKept(good, newest, after);
  }

  // A flood.

  private long stored() {
    List<Host> hosts = new ArrayList<>();
    admin.hosts(hosts::add);
    return hosts.stream()
        .filter(host -> host.getName().equals("mallory"))
        .mapToLong(Host::getStoredBytes)
        .sum();
  }

  private void upload(RawCall<BackupRequest, BackupAnswer> session, int chunks) {
    for (int i = 0; i < chunks; i++) {
      byte[] noise = fleet.randomness.bytes(1 << 20);
      session.send(
          request(
              HostileAgent.upload(
                  mallory.seal(ChunkKind.DATA, noise, List.of()), noise.length, List.of())));
    }
  }

  /** What is never committed fills the vault, too. */
  @Test
  void shouldFillNoMoreThanItsQuotaByASessionThatNeverCommits() throws Exception {
    long quota = 4L << 20;
    admin.setHostQuota(SetHostQuotaRequest.newBuilder().setHost("mallory").setBytes(quota).build());
    try (var session = mallory.session(mallory.newRun())) {
      upload(session, 16);
      Siege.await("what was sent is counted", () -> stored() >= quota);
      upload(session, 17);
      assertEquals(ErrorCode.QUOTA_EXCEEDED, session.refusal().code());
    }
    assertTrue(stored() < 40 << 20, () -> stored() + " bytes");
    try (var again = mallory.backupCall()) {
      again.send(HostileAgent.open(mallory.newRun()));
      assertEquals(ErrorCode.QUOTA_EXCEEDED, again.refusal().code());
    }
    try (HostileAgent alice = HostileAgent.enrol(fleet, "alice")) {
      new HandMadeTree(alice).file("f", "goes on").make().commit(alice.newRun());
    }
  }

  // Garbage.

  @Test
  void shouldNeitherDisplaceNorDoubtWhatIsProvenByGarbageUnderItsName() throws Exception {
    try (HostileAgent alice = HostileAgent.enrol(fleet, "alice");
        HostileAgent bob = HostileAgent.enrol(fleet, "bob")) {
      String content = "what Alice has";
      SnapshotId alices = new HandMadeTree(alice).file("f", content).make().commit(alice.newRun());
      awaitProven();
      ChunkKey taken = mallory.key(ChunkKind.DATA, content.getBytes(StandardCharsets.UTF_8));
      bury(taken, content.length());
      awaitProven();

      SnapshotId bobs =
          new HandMadeTree(bob).referring("f", taken, content.length()).make().commit(bob.newRun());
      assertProven(alices);
      assertRestores("alice", alices, content);
      assertRestores("bob", bobs, content);
    }
  }

  /** Uploads other bytes under that name, again and again, and refers to them. */
  private void bury(ChunkKey taken, int length) throws Exception {
    byte[] other = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 5; i++) {
      byte[] garbage = mallory.seal(ChunkKind.DATA, other, List.of()).bytes();
      RunId run = mallory.newRun();
      HandMadeTree tree = new HandMadeTree(mallory).referring("f" + i, taken, length).make();
      try (var session = mallory.session(run)) {
        session.send(request(HostileAgent.upload(taken.ref(), garbage, length, List.of())));
        tree.uploads().forEach(upload -> session.send(request(upload)));
        session.send(request(mallory.commit(run, tree.root())));
        assertTrue(session.answer().hasCommitted());
      }
    }
  }

  private void assertProven(SnapshotId snapshot) {
    assertEquals(
        SnapshotState.SNAPSHOT_STATE_PROVEN, admin.snapshot(snapshot.toString()).getState());
    List<VerifyEvent> faults = new ArrayList<>();
    admin.verify(
        VerifyRequest.newBuilder()
            .setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN)
            .setSnapshot(snapshot.toString())
            .build(),
        event -> {
          if (event.hasFault()) {
            faults.add(event);
          }
        });
    assertEquals(List.of(), faults);
  }

  private void assertRestores(String host, SnapshotId snapshot, String content) throws Exception {
    Path target = Files.createTempDirectory(directory, "back");
    try (ProtectedHost back = fleet.host(host)) {
      RestoreResult result = back.restore(snapshot, target, RestorePlan.EVERYTHING);
      assertEquals(List.of(), result.findings().failures());
    }
    assertEquals(content, Files.readString(target.resolve("f")));
  }
}
