package io.holdfast.coordinator.fleet;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.coordinator.fleet.FleetKit.Enrolled;
import io.holdfast.coordinator.fleet.FleetKit.Machine;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.wire.v1.BeginMoveRequest;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.FormerIdentity;
import io.holdfast.proto.wire.v1.HostMove;
import io.holdfast.proto.wire.v1.RenewRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostMovesTest {
  private static final String READ = "holdfast.wire.v1.Read/Session";
  private static final String BACKUP = "holdfast.wire.v1.Backup/Session";

  private final FleetKit kit = new FleetKit(82);
  private final FleetKit other = new FleetKit(83);

  @AfterEach
  void close() {
    kit.close();
    other.close();
  }

  private NamedHost named(Enrolled host) {
    return kit.hosts.get(host.id());
  }

  private HostMoves.Goal goal() throws InterruptedException {
    try (EnrolmentToken token = other.token("web")) {
      return new HostMoves.Goal(token.secretHash(), token.addresses());
    }
  }

  private void call(String method, Enrolled host) {
    kit.hostAuthority.admit(method, Optional.of(Identity.read(host.credential().leaf())));
  }

  @Test
  void anOrderShouldBeShownAndChangeNothingElse() throws InterruptedException {
    Enrolled web = kit.enrol("web");
    ByteString first = kit.moves.order(named(web), goal(), "anna");
    ByteString second = kit.moves.order(named(web), goal(), "anna");
    HostMove shown = kit.moves.show(web.id());
    assertEquals(List.of("127.0.0.1:7443"), shown.getCoordinatorsList());
    assertEquals(0, shown.getMovedMillis());
    assertFalse(named(web).isRevoked());
    call(BACKUP, web);
    kit.moves.refused(named(web), first, "anna", "the first one");
    assertTrue(kit.moves.show(web.id()).getOrderedMillis() > 0, "the newest order counts");
    kit.moves.refused(named(web), second, "anna", "no");
    assertEquals(HostMove.getDefaultInstance(), kit.moves.show(web.id()));
  }

  @Test
  void whatMovedAwayShouldReadAndDoNothingElse() throws InterruptedException {
    Enrolled web = kit.enrol("web");
    HostMoves.Goal goal = goal();
    kit.moves.order(named(web), goal, "anna");
    CompleteMoveRequest request = kit.moveAway(web.id());
    long seq = kit.journal.wireAuthority().getSeq();
    kit.moves.complete(web.id(), request);
    assertEquals(seq, kit.journal.wireAuthority().getSeq(), "once is enough");
    HostMove shown = kit.moves.show(web.id());
    assertEquals(List.of("elsewhere:7443"), shown.getCoordinatorsList());
    assertEquals(request.getNewHost(), shown.getNewHost());
    assertTrue(shown.getMovedMillis() >= shown.getOrderedMillis());
    assertTrue(named(web).isRevoked());
    assertTrue(kit.moves.isDone(named(web), goal));
    assertFalse(kit.moves.isDone(named(web), goal()), "by another token");
    assertCode(ErrorCode.HOST_REVOKED, () -> kit.moves.requireMovable(named(web), goal()));
    call(READ, web);
    assertCode(ErrorCode.HOST_REVOKED, () -> call(BACKUP, web));
    RenewRequest renewal =
        RenewRequest.newBuilder()
            .setCertificateRequest(
                kit.request(kit.token(""), kit.machine(), "web").getCertificateRequest())
            .build();
    kit.enrolments.renew(web.id(), renewal);
  }

  @Test
  void shouldEndEvenReadingForWhatIsLockedOut() throws InterruptedException {
    Enrolled revoked = kit.enrol("revoked");
    kit.moveAway(revoked.id());
    kit.revocations.revoke(revoked.id(), "anna");
    assertCode(ErrorCode.HOST_REVOKED, () -> call(READ, revoked));
    Enrolled ended = kit.enrol("ended");
    kit.moveAway(ended.id());
    new HostLife(kit.ports, kit.hosts, kit.calls).decommission(named(ended), "anna");
    assertCode(ErrorCode.HOST_REVOKED, () -> call(READ, ended));
    Enrolled before = kit.enrol("before");
    kit.revocations.revoke(before.id(), "anna");
    assertCode(ErrorCode.HOST_REVOKED, () -> kit.moveAway(before.id()));
    assertCode(ErrorCode.HOST_REVOKED, () -> call(READ, before));
  }

  @Test
  void shouldRefuseWhatCanBeNoMove() throws InterruptedException {
    Enrolled web = kit.enrol("web");
    try (EnrolmentToken own = kit.token("")) {
      HostMoves.Goal back = new HostMoves.Goal(own.secretHash(), own.addresses());
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.moves.requireMovable(named(web), back));
    }
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> kit.moves.begin(web.id(), BeginMoveRequest.getDefaultInstance()));
    CompleteMoveRequest.Builder request =
        CompleteMoveRequest.newBuilder()
            .setFleet(ByteString.copyFrom(new byte[16]))
            .setNewHost(ByteString.copyFrom(new byte[16]))
            .addAddresses("elsewhere:7443");
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.moves.complete(web.id(), request.build()));
    request.setRepository(ByteString.copyFrom(kit.repository.toByteArray()));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.moves.complete(web.id(), request.build()));
    request.setRepository(ByteString.copyFrom(new byte[16])).clearAddresses();
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.moves.complete(web.id(), request.build()));
    assertFalse(named(web).isRevoked());
  }

  private static HostId letIn(FleetKit fleet, EnrolmentToken token, Machine machine)
      throws InterruptedException {
    return HostId.of(
        fleet
            .enrolments
            .enrol(fleet.request(token, machine, "web").build())
            .getHost()
            .toByteArray());
  }

  @Test
  void onlyWhoWasLetInByTheTokenMadeForAHostShouldTakeItsPlaceHere() throws InterruptedException {
    try (FleetKit own = new FleetKit(84, RepositoryMode.REPOSITORY_MODE_PRIVATE)) {
      Machine machine = own.machine();
      HostId web = letIn(own, own.token("web"), machine);
      HostId stranger = letIn(own, own.token("db"), own.machine());
      CompleteMoveRequest byItself = own.moved(web, machine, own.repository, stranger);
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> own.moves.complete(web, byItself));
      EnrolmentToken token = own.token("web");
      own.moves.requireRenewable(own.hosts.get(web));
      own.moves.orderRenewal(
          own.hosts.get(web), new HostMoves.Goal(token.secretHash(), token.addresses()), "anna");
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> own.moves.complete(web, byItself));
      Machine anew = own.machine();
      HostId next = letIn(own, token, anew);
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> own.moves.complete(web, byItself));
      CompleteMoveRequest forged = own.moved(web, anew, own.repository, next);
      assertCode(ErrorCode.SIGNATURE_INVALID, () -> own.moves.complete(web, forged));
      own.moves.complete(web, own.moved(web, machine, own.repository, next));
      assertEquals(Optional.of(next), own.ports.look(fleet -> fleet.successor(web)));
      boolean reads = own.ports.look(fleet -> fleet.isMovedAway(web));
      assertTrue(reads, "what it stored");
      assertFalse(own.hosts.get(next).isRevoked());
      assertCode(ErrorCode.HOST_REVOKED, () -> own.moves.requireRenewable(own.hosts.get(web)));
    }
    assertCode(
        ErrorCode.INVALID_ARGUMENT, () -> kit.moves.requireRenewable(named(kit.enrol("web"))));
  }

  @Test
  void shouldTakeNoWordThatTheHostDidNotSign() throws InterruptedException {
    Enrolled web = kit.enrol("web");
    CompleteMoveRequest signed = kit.moved(web.id(), web.machine());
    List<CompleteMoveRequest> forged =
        List.of(
            signed.toBuilder().clearSignature().build(),
            kit.moved(web.id(), kit.machine()),
            kit.moved(kit.enrol("db").id(), web.machine()),
            signed.toBuilder().setFleet(ByteString.copyFrom(new byte[16])).build(),
            signed.toBuilder().setRepository(ByteString.copyFrom(new byte[16])).build(),
            signed.toBuilder().setNewHost(ByteString.copyFrom(new byte[16])).build());
    for (CompleteMoveRequest request : forged) {
      assertCode(ErrorCode.SIGNATURE_INVALID, () -> kit.moves.complete(web.id(), request));
    }
    assertFalse(named(web).isRevoked());
    kit.moves.complete(web.id(), signed);
    assertTrue(named(web).isRevoked());
  }

  /** What machine {@code now} sends that says it was {@code former}, as {@code signer} signs it. */
  private EnrolRequest comingBack(Machine now, HostId former, Machine signer)
      throws InterruptedException {
    EnrolmentToken token = kit.token("");
    EnrolRequest.Builder request = kit.request(token, now, "web");
    byte[] signature =
        signer
            .signing
            .sign(
                SigningDomain.FORMER_HOST,
                Digests.sha256(request.getCertificateRequest().toByteArray()).toByteArray(),
                token.secretHash().toByteArray(),
                now.signing.verifyingKey().encode())
            .toByteArray();
    return request
        .addFormers(
            FormerIdentity.newBuilder()
                .setHost(ByteString.copyFrom(former.toByteArray()))
                .setSignature(ByteString.copyFrom(signature)))
        .build();
  }

  private Optional<HostId> successor(HostId host) {
    return kit.ports.look(fleet -> fleet.successor(host));
  }

  @Test
  void whoComesBackShouldGoOnWithItsHistoryIfItShowsItsKey() throws InterruptedException {
    Enrolled web = kit.enrol("web");
    Machine back = kit.machine();
    kit.enrolments.enrol(comingBack(kit.machine(), web.id(), web.machine()));
    assertEquals(Optional.empty(), successor(web.id()), "it never went");
    kit.moveAway(web.id());
    EnrolRequest forged = comingBack(back, web.id(), kit.machine());
    assertCode(ErrorCode.SIGNATURE_INVALID, () -> kit.enrolments.enrol(forged));
    HostId now =
        HostId.of(
            kit.enrolments
                .enrol(comingBack(back, web.id(), web.machine()))
                .getHost()
                .toByteArray());
    assertEquals(Optional.of(now), successor(web.id()));
    kit.enrolments.enrol(comingBack(kit.machine(), web.id(), web.machine()));
    assertEquals(Optional.of(now), successor(web.id()), "and once");
    kit.enrolments.enrol(comingBack(kit.machine(), HostId.of(new byte[16]), web.machine()));
  }

  @Test
  void whoWasLetInShouldGetItsAnswerAgainEvenIfTheTokenExpired() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    Machine machine = kit.machine();
    HostId first =
        HostId.of(
            kit.enrolments
                .enrol(kit.request(token, machine, "web").build())
                .getHost()
                .toByteArray());
    kit.time.advance(Duration.ofHours(1));
    assertEquals(
        first,
        HostId.of(
            kit.enrolments
                .enrol(kit.request(token, machine, "web").build())
                .getHost()
                .toByteArray()));
    assertCode(
        ErrorCode.TOKEN_EXPIRED,
        () -> kit.enrolments.enrol(kit.request(token, kit.machine(), "web").build()));
  }
}
