package io.holdfast.coordinator.job;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.HostMove;
import io.holdfast.proto.wire.v1.MoveAnswer;
import io.holdfast.proto.wire.v1.MoveOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MoveOrdersTest {
  private final FleetKit kit = new FleetKit(84);
  private final Jobs jobs = new Jobs(kit.ports, JobLimits.defaults());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private NamedHost web;
  private HostMoves.Goal goal;

  @BeforeEach
  void enrol() throws InterruptedException {
    web = kit.hosts.get(kit.enrol("web").id());
    goal =
        new HostMoves.Goal(
            Bytes32.of(kit.randomness.bytes(32)), List.of(new Endpoint("elsewhere", 7443)));
  }

  @AfterEach
  void close() {
    executor.shutdownNow();
    kit.close();
  }

  private ControlSession connect(NamedHost host) throws InterruptedException {
    ControlSession session = jobs.connect(host.id(), Hello.getDefaultInstance(), why -> {});
    assertTrue(session.next().orElseThrow().hasWelcome());
    return session;
  }

  private MoveOrders orders(Duration wait) {
    return new MoveOrders(kit.ports, jobs, kit.moves, wait);
  }

  private Future<?> move() {
    MoveOrders orders = orders(Duration.ofMinutes(1));
    return executor.submit(() -> {
      orders.move(web, goal, "the token", "anna");
      return null;
    });
  }

  private static MoveOrder ordered(ControlSession session) throws InterruptedException {
    CoordinatorMessage message = session.next().orElseThrow();
    assertTrue(message.hasMove(), message::toString);
    return message.getMove();
  }

  private static AgentMessage stays(ByteString move) {
    HoldfastException why = new HoldfastException(ErrorCode.TARGET_NOT_ALLOWED, "not there");
    return AgentMessage.newBuilder()
        .setMoveAnswer(MoveAnswer.newBuilder().setMove(move).setError(RpcErrors.detail(why)))
        .build();
  }

  private boolean isOrdered() {
    return !kit.moves.show(web.id()).equals(HostMove.getDefaultInstance());
  }

  @Test
  void shouldTellTheHostAndPassOnThatItDoesNotGo() throws Exception {
    ControlSession session = connect(web);
    Future<?> moving = move();
    MoveOrder order = ordered(session);
    assertEquals("the token", order.getToken());
    assertTrue(order.getValidMillis() > 0);
    assertTrue(isOrdered(), "journalled before it is sent");
    session.received(stays(order.getMove()));
    ExecutionException failed = assertThrows(ExecutionException.class, moving::get);
    HoldfastException why = assertInstanceOf(HoldfastException.class, failed.getCause());
    assertEquals(ErrorCode.TARGET_NOT_ALLOWED, why.code());
    assertFalse(isOrdered(), "and nothing is left of it");
  }

  @Test
  void shouldEndOnceTheHostSaysThatItWentAndListenToNobodyElse() throws Exception {
    ControlSession session = connect(web);
    ControlSession liar = connect(kit.hosts.get(kit.enrol("db").id()));
    Future<?> moving = move();
    MoveOrder order = ordered(session);
    liar.received(stays(order.getMove()));
    kit.moveAway(web.id());
    assertNull(moving.get());
    assertTrue(kit.moves.show(web.id()).getMovedMillis() > 0);
  }

  @Test
  void shouldNotWaitForEver() throws Exception {
    connect(web);
    orders(Duration.ZERO).move(web, goal, "the token", "anna");
    assertTrue(isOrdered(), "it may still go");
  }

  @Test
  void shouldRefuseAHostThatIsAwayOrBusy() throws Exception {
    MoveOrders orders = orders(Duration.ZERO);
    assertCode(ErrorCode.HOST_NOT_CONNECTED, () -> orders.move(web, goal, "the token", "anna"));
    connect(web);
    BackupOrder backup =
        BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8("/srv")).build();
    new Orders(kit.ports, jobs, JobLimits.defaults()).startBackup(web, backup, "anna").close();
    HoldfastException busy =
        assertCode(ErrorCode.BUSY, () -> orders.move(web, goal, "the token", "anna"));
    assertTrue(busy.getMessage().contains("holdfast job cancel"), busy.getMessage());
    assertFalse(isOrdered());
  }
}
