package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.MoveOrders;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.MoveHostAnswer;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import java.util.HexFormat;
import java.util.List;

/**
 * The call that moves a host to another repository, without gRPC around it. Any thread; it blocks.
 * A request that waits for a second person holds no token: its asker brings it again.
 */
public final class MoveActs {
  private final HostDirectory directory;
  private final HostMoves moves;
  private final MoveOrders orders;
  private final Approvals approvals;

  private final Act moveHost =
      GuardedAct.collected(
          ActKind.ACT_KIND_HOST_MOVE, AdminGrpc.getMoveHostMethod(), this::effectOf);

  public MoveActs(
      HostDirectory directory, HostMoves moves, MoveOrders orders, Approvals approvals) {
    this.directory = directory;
    this.moves = moves;
    this.orders = orders;
    this.approvals = approvals;
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(moveHost);
  }

  /**
   * Errors of {@link MoveOrders#move}, TOKEN_INVALID and APPROVAL_REQUIRED. A host that has gone by
   * this very token is answered as it stands.
   */
  MoveHostAnswer moveHost(MoveHostRequest request, Actor actor) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    try (EnrolmentToken token = EnrolmentToken.parse(request.getToken())) {
      HostMoves.Goal goal = new HostMoves.Goal(token.secretHash(), token.addresses());
      if (!moves.isDone(host, goal)) {
        moves.requireMovable(host, goal);
        approvals.require(moveHost, withoutSecret(host, token), actor);
        orders.move(host, goal, request.getToken(), actor.name());
      }
    }
    return MoveHostAnswer.newBuilder()
        .setHost(ByteString.copyFrom(host.id().toByteArray()))
        .setName(host.name())
        .setMove(moves.show(host.id()))
        .build();
  }

  private static MoveHostRequest withoutSecret(NamedHost host, EnrolmentToken token) {
    return MoveHostRequest.newBuilder()
        .setHost(host.id().toString())
        .setTokenSha256(ByteString.copyFrom(token.secretHash().toByteArray()))
        .setRoot(ByteString.copyFrom(token.root().value().toByteArray()))
        .addAllAddresses(token.addresses().stream().map(Endpoint::toString).toList())
        .build();
  }

  private String effectOf(MoveHostRequest request) {
    NamedHost host = directory.find(request.getHost());
    HostMoves.Goal goal =
        new HostMoves.Goal(
            Bytes32.of(request.getTokenSha256().toByteArray()),
            request.getAddressesList().stream().map(Endpoint::parse).toList());
    moves.requireMovable(host, goal);
    return "move "
        + host
        + " to "
        + goal
        + " under the root certificate "
        + HexFormat.of().formatHex(request.getRoot().toByteArray())
        + ": what it backs up from then on is there";
  }
}
