package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.FleetRoot;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.Welcome;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a control stream to a coordinator open for as long as the agent lives: says hello, takes
 * orders, sends progress and results, and comes back after every break, at the next address and
 * after a wait that grows. Jobs go on meanwhile. One thread runs it.
 */
public final class ControlStream implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlStream.class);

  /** Before the welcome nothing is known of the coordinator's pace. */
  private static final Duration WELCOME_MAX = Duration.ofSeconds(30);

  private static final Duration SILENCE_MIN = Duration.ofSeconds(2);
  private static final Duration HEARTBEAT_MAX = Duration.ofMinutes(1);
  private static final int HEARTBEATS_MISSED_MAX = 4;

  private final CoordinatorChannel channel;
  private final ControlPorts ports;
  private final AgentOutbox outbox = new AgentOutbox();
  private final OrderQueue orders;
  private volatile boolean connected;
  private volatile BlockingClientCall<AgentMessage, CoordinatorMessage> current;

  public ControlStream(CoordinatorChannel channel, ControlPorts ports) {
    this.channel = channel;
    this.ports = ports;
    this.orders = new OrderQueue(ports, outbox);
  }

  /** Whether a coordinator has welcomed this agent on a stream that is still open. */
  public boolean isConnected() {
    return connected;
  }

  /** Ends the present stream, if there is one, for another by the credential as it is now. */
  public void reopen() {
    BlockingClientCall<AgentMessage, CoordinatorMessage> open = current;
    if (open != null) {
      open.cancel("this host has another certificate", null);
    }
  }

  private void learn(List<FleetRoot> roots) {
    try {
      ports.roots().learn(roots);
    } catch (HoldfastException e) {
      LOG.error("{}", e.getMessage());
    }
  }

  /** Until interrupted; then running jobs are cancelled. */
  @Override
  public void run() {
    Backoff backoff = new Backoff(ports.time(), ports.randomness());
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Line line = channel.line();
        try {
          converse(line, backoff);
          LOG.info("the {} closed the control stream; connecting again", line.peer());
        } catch (HoldfastException e) {
          LOG.warn("no control stream: {}", e.getMessage());
        }
        channel.failed(line);
        backoff.pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop
    } finally {
      orders.cancelAll();
    }
  }

  private void converse(Line line, Backoff backoff) throws InterruptedException {
    BlockingClientCall<AgentMessage, CoordinatorMessage> call =
        ControlGrpc.newBlockingV2Stub(line.channel()).connect();
    try {
      Hello hello = hello();
      call.write(AgentMessage.newBuilder().setHello(hello).build());
      Welcome welcome = welcome(call, line);
      ports
          .authority()
          .welcome(welcome.getAuthority(), hello.getHighestSeen(), welcome.getHighestSeen());
      learn(welcome.getRootsList());
      connected = true;
      current = call;
      backoff.reset();
      LOG.info("connected to the {}", line.peer());
      long stream = outbox.begin();
      ports.executor().execute(() -> write(call, stream));
      read(call, silence(welcome));
    } catch (StatusException e) {
      throw line.explain(e);
    } catch (TimeoutException e) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "nothing was heard of the "
              + line.peer()
              + " for longer than it promised; check it and the network",
          e);
    } finally {
      connected = false;
      current = null;
      outbox.end();
      call.cancel("this control stream is over", null);
    }
  }

  private Hello hello() {
    Set<ByteString> jobs = new LinkedHashSet<>(orders.jobs());
    jobs.addAll(outbox.unkept());
    Hello.Builder hello =
        Hello.newBuilder()
            .setFacts(ports.facts().get())
            .setHighestSeen(ports.authority().highest())
            .addAllRunningJobs(jobs);
    ports.roots().say(hello);
    return hello.build();
  }

  private Welcome welcome(BlockingClientCall<AgentMessage, CoordinatorMessage> call, Line line)
      throws InterruptedException, StatusException, TimeoutException {
    CoordinatorMessage first = call.read(WELCOME_MAX.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null || !first.hasWelcome()) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the " + line.peer() + " answered hello with something else than a welcome");
    }
    return first.getWelcome();
  }

  private static Duration silence(Welcome welcome) {
    Duration promised = Duration.ofMillis(Math.max(0, welcome.getHeartbeatMillis()));
    Duration heartbeat = promised.compareTo(HEARTBEAT_MAX) > 0 ? HEARTBEAT_MAX : promised;
    Duration silence = heartbeat.multipliedBy(HEARTBEATS_MISSED_MAX);
    return silence.compareTo(SILENCE_MIN) < 0 ? SILENCE_MIN : silence;
  }

  private void read(BlockingClientCall<AgentMessage, CoordinatorMessage> call, Duration silence)
      throws InterruptedException, StatusException, TimeoutException {
    Optional<CoordinatorMessage> next = next(call, silence);
    while (next.isPresent()) {
      take(next.get());
      next = next(call, silence);
    }
  }

  private static Optional<CoordinatorMessage> next(
      BlockingClientCall<AgentMessage, CoordinatorMessage> call, Duration silence)
      throws InterruptedException, StatusException, TimeoutException {
    return Optional.ofNullable(call.read(silence.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void take(CoordinatorMessage message) {
    switch (message.getMessageCase()) {
      case ORDER -> orders.accept(message.getOrder());
      case MOVE -> orders.move(message.getMove());
      case CANCEL -> orders.cancel(message.getCancel().getJob());
      case SET_RATE ->
          orders.setRate(message.getSetRate().getJob(), message.getSetRate().getRateLimit());
      case HEARTBEAT -> outbox.heartbeat();
      case RESULT_KEPT -> outbox.kept(message.getResultKept().getJob());
      case FLEET_ROOTS -> learn(message.getFleetRoots().getRootsList());
      case WELCOME, MESSAGE_NOT_SET ->
          LOG.debug("a message of a kind that this release doesn't know is ignored");
    }
  }

  private void write(BlockingClientCall<AgentMessage, CoordinatorMessage> call, long stream) {
    try {
      Optional<AgentMessage> next = outbox.take(stream);
      while (next.isPresent() && call.write(next.get())) {
        next = outbox.take(stream);
      }
    } catch (StatusException e) {
      LOG.debug("the control stream's writer ends; its reader says why", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop
    }
  }
}
