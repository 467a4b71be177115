package io.holdfast.coordinator.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.key.KeyObject;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.vault.HostileVault;
import io.holdfast.coordinator.vault.MemoryVault;
import io.holdfast.coordinator.vault.Mischief;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HoldReleased;
import io.holdfast.proto.stored.v1.HoldSet;
import io.holdfast.proto.stored.v1.HostErased;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SessionPurpose;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Hosts that are erased for good, and those that may not be, over a real catalog. */
class HostErasureTest {
  private static final ByteString SOURCES = ByteString.copyFrom(new byte[32]);

  private final FleetKit fleet = new FleetKit(7);
  private final HostileVault vault = new HostileVault(new MemoryVault(), 7);
  private final List<String> policyHolds = new ArrayList<>();
  private final List<HostId> forgotten = new ArrayList<>();
  private final HostErasure erasure = erasure(fleet.ports);
  private HostId web;
  private HostId db;

  @BeforeEach
  void enrol() throws InterruptedException {
    web = fleet.enrol("web").id();
    db = fleet.enrol("db").id();
    fleet.recoveryKeys.forEach(
        (name, sealed) -> vault.create(ObjectName.of(name), ByteBuffer.wrap(sealed)));
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  private HostErasure erasure(FleetPorts ports) {
    return new HostErasure(
        ports, vault, host -> policyHolds, (host, snapshots) -> forgotten.add(host));
  }

  private NamedHost host(HostId id) {
    return fleet.hosts.get(id);
  }

  private void append(Change.Builder change) throws InterruptedException {
    fleet.ports.append(MutationSealer.clear(change.build()));
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }

  private ByteString random(int length) {
    return ByteString.copyFrom(fleet.randomness.bytes(length));
  }

  private ByteString commit(HostId host) throws InterruptedException {
    ByteString id = random(32);
    append(
        Change.newBuilder()
            .setSnapshotCommitted(
                SnapshotCommitted.newBuilder()
                    .setSnapshot(id)
                    .setHost(bytes(host))
                    .setRun(random(16))
                    .setRoot(random(32))
                    .setOutcome(Outcome.OUTCOME_COMPLETE)
                    .setSourceSet(SOURCES)));
    return id;
  }

  private ByteString hold(ByteString snapshot) throws InterruptedException {
    ByteString id = random(16);
    append(Change.newBuilder().setHoldSet(HoldSet.newBuilder().setHold(id).addSnapshots(snapshot)));
    return id;
  }

  private boolean hasKey(HostId host) {
    return vault
        .size(ObjectName.of(KeyObject.hostRecovery(fleet.repository, host).name()))
        .isPresent();
  }

  private boolean isErased(HostId host) {
    return fleet.ports.look(known -> known.isErased(host));
  }

  private long ignored() {
    try (CatalogView view = fleet.catalog.view()) {
      return view.totals().of(Total.IGNORED_CHANGES);
    }
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  @Test
  void shouldDestroyTheKeyOfOneHostAndNoOther() throws InterruptedException {
    commit(web);
    fleet.revocations.revoke(web, "anna");
    HostErasure.Erased erased = erasure.erase(host(web), "anna");
    assertEquals(1, erased.snapshots());
    assertEquals(fleet.time.now().toEpochMilli(), erased.erasedMillis());
    assertFalse(hasKey(web));
    assertTrue(hasKey(db));
    assertTrue(isErased(web));
    assertFalse(isErased(db));
    assertEquals(List.of(web), forgotten);
    assertEquals(erased.erasedMillis(), erasure.erase(host(web), "bert").erasedMillis());
  }

  @Test
  void shouldDestroyTheKeyUnderEveryMasterKey() throws InterruptedException {
    ObjectName next =
        ObjectName.of(KeyObject.hostRecovery(fleet.repository, 2, web).name()); // a change is on
    ObjectName ofDb = ObjectName.of(KeyObject.hostRecovery(fleet.repository, 2, db).name());
    vault.create(next, ByteBuffer.wrap(new byte[1]));
    vault.create(ofDb, ByteBuffer.wrap(new byte[1]));
    fleet.revocations.revoke(web, "anna");
    erasure.erase(host(web), "anna");
    assertFalse(hasKey(web));
    assertTrue(vault.size(next).isEmpty());
    vault.create(next, ByteBuffer.wrap(new byte[1])); // sealed just before the record
    erasure.round();
    assertTrue(vault.size(next).isEmpty());
    assertTrue(vault.size(ofDb).isPresent());
    assertTrue(hasKey(db));
  }

  @Test
  void shouldRefuseAHostInService() {
    HoldfastException why =
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> erasure.erase(host(web), "anna"));
    assertTrue(why.getMessage().contains("host decommission"), why.getMessage());
    assertTrue(hasKey(web));
  }

  @Test
  void shouldRefuseWhileAnythingIsHeld() throws InterruptedException {
    fleet.revocations.revoke(web, "anna");
    policyHolds.add("policy servers");
    HoldfastException why =
        assertCode(ErrorCode.SNAPSHOT_HELD, () -> erasure.erase(host(web), "anna"));
    assertTrue(why.getMessage().contains("policy servers"), why.getMessage());
  }

  @Test
  void shouldRefuseWhileASessionOrAJobOverItsSnapshotsIsOpen() throws InterruptedException {
    ByteString snapshot = commit(web);
    fleet.revocations.revoke(web, "anna");
    ByteString session = random(16);
    append(
        Change.newBuilder()
            .setSessionOpened(
                SessionOpened.newBuilder()
                    .setSession(session)
                    .setHost(bytes(db))
                    .setPurpose(SessionPurpose.SESSION_PURPOSE_RESTORE)
                    .setSnapshot(snapshot)));
    assertCode(ErrorCode.BUSY, () -> erasure.erase(host(web), "anna"));
    append(Change.newBuilder().setSessionClosed(SessionClosed.newBuilder().setSession(session)));
    ByteString job = random(16);
    append(
        Change.newBuilder()
            .setJobOrdered(
                JobOrdered.newBuilder()
                    .setJob(job)
                    .setHost(bytes(db))
                    .setKind(JobKind.JOB_KIND_RESTORE)
                    .setSnapshot(snapshot)));
    assertCode(ErrorCode.BUSY, () -> erasure.erase(host(web), "anna"));
    append(
        Change.newBuilder()
            .setJobEnded(
                JobEnded.newBuilder()
                    .setJob(job)
                    .setHost(bytes(db))
                    .setEnd(JobEnd.JOB_END_COMPLETE)));
    erasure.erase(host(web), "anna");
    assertFalse(hasKey(web));
  }

  @Test
  void shouldWantToBeToldInWords() throws InterruptedException {
    commit(web);
    fleet.revocations.revoke(web, "anna");
    HoldfastException why =
        assertCode(
            ErrorCode.CONFIRMATION_REQUIRED, () -> erasure.requireConfirmed(host(web), "yes"));
    assertTrue(why.getMessage().contains("'erase web'"), why.getMessage());
    assertTrue(why.getMessage().contains("1 snapshots of web"), why.getMessage());
    erasure.requireConfirmed(host(web), "erase web");
  }

  @Test
  void aRecordThatHasNoEffectShouldDestroyNothing() throws InterruptedException {
    ByteString snapshot = commit(web);
    fleet.revocations.revoke(web, "anna");
    FleetPorts late =
        new FleetPorts(
            fleet.ports.fleet(),
            fleet.ports.repository(),
            fleet.ports.views(),
            mutations -> {
              Change hold =
                  Change.newBuilder()
                      .setHoldSet(HoldSet.newBuilder().setHold(random(16)).addSnapshots(snapshot))
                      .build();
              fleet.ports.journal().append(List.of(MutationSealer.clear(hold))).join();
              return fleet.ports.journal().append(mutations);
            },
            fleet.ports.mutations(),
            fleet.ports.authority(),
            fleet.ports.meter(),
            fleet.ports.time(),
            fleet.ports.randomness());
    assertCode(ErrorCode.BUSY, () -> erasure(late).erase(host(web), "anna"));
    assertTrue(hasKey(web));
    assertFalse(isErased(web));
    assertEquals(1, ignored());
  }

  @Test
  void recordsThatNoLeaderShouldWriteShouldHaveNoEffect() throws InterruptedException {
    Change.Builder erased =
        Change.newBuilder().setHostErased(HostErased.newBuilder().setHost(bytes(web)));
    append(erased); // in service
    assertFalse(isErased(web));
    append(
        Change.newBuilder()
            .setHostErased(HostErased.newBuilder().setHost(bytes(HostId.of(new byte[16])))));
    ByteString held = commit(web);
    fleet.revocations.revoke(web, "anna");
    ByteString hold = hold(held);
    append(erased);
    assertFalse(isErased(web));
    append(Change.newBuilder().setHoldReleased(HoldReleased.newBuilder().setHold(hold)));
    append(erased);
    assertTrue(isErased(web));
    assertEquals(3, ignored());
    append(erased); // again
    assertEquals(4, ignored());
  }

  @Test
  void whatTheVaultDidNotDestroyShouldBeDestroyedLater() throws InterruptedException {
    fleet.revocations.revoke(web, "anna");
    vault.once(Mischief.FAIL_BEFORE);
    HoldfastException why =
        assertThrows(HoldfastException.class, () -> erasure.erase(host(web), "anna"));
    assertTrue(why.getMessage().contains("tried again by itself"), why.getMessage());
    assertTrue(isErased(web), "nobody is given the key any more");
    vault.calm();
    erasure.round();
    assertFalse(hasKey(web));
    erasure.round();
    assertTrue(hasKey(db));
  }
}
