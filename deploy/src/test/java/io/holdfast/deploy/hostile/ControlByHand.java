package io.holdfast.deploy.hostile;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.CoordinatorMessage.MessageCase;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A control stream by hand: it answers the coordinator's questions by itself, and says whatever a
 * test wants said. One thread.
 */
final class ControlByHand implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<CoordinatorMessage> came = new LinkedBlockingQueue<>();
  private final CompletableFuture<HoldfastException> end = new CompletableFuture<>();
  private ClientCallStreamObserver<AgentMessage> out;

  private ControlByHand() {}

  /** One that the coordinator has welcomed. */
  static ControlByHand open(HostileAgent agent, ByteString... claims) throws InterruptedException {
    ControlByHand control =
        begin(agent, Hello.newBuilder().addAllRunningJobs(List.of(claims)).build());
    control.next(MessageCase.WELCOME);
    return control;
  }

  /** How one that begins with {@code hello} is refused. */
  static HoldfastException refusal(HostileAgent agent, Hello hello) throws Exception {
    try (ControlByHand control = begin(agent, hello)) {
      return control.refusal();
    }
  }

  private static ControlByHand begin(HostileAgent agent, Hello hello) {
    ControlByHand control = new ControlByHand();
    var _ = ControlGrpc.newStub(agent.channel).connect(control.new Inbound());
    control.say(AgentMessage.newBuilder().setHello(hello));
    return control;
  }

  synchronized void say(AgentMessage.Builder message) {
    out.onNext(message.build());
  }

  /** Reports it, and waits until the coordinator has it: it has everything said before then. */
  void result(JobResult.Builder result) throws InterruptedException {
    say(AgentMessage.newBuilder().setResult(result));
    while (!next(MessageCase.RESULT_KEPT).getResultKept().getJob().equals(result.getJob())) {
      // of another job
    }
  }

  Order order() throws InterruptedException {
    return next(MessageCase.ORDER).getOrder();
  }

  /** The next message of that kind; others are passed over. */
  private CoordinatorMessage next(MessageCase kind) throws InterruptedException {
    while (true) {
      CoordinatorMessage message = came.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (message == null || message.getMessageCase() == MessageCase.MESSAGE_NOT_SET) {
        throw new AssertionError("no " + kind + ": " + end.getNow(null));
      }
      if (message.getMessageCase() == kind) {
        return message;
      }
    }
  }

  /** How the coordinator ends it. */
  HoldfastException refusal() throws Exception {
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    out.cancel("the test is over", null);
  }

  private final class Inbound implements ClientResponseObserver<AgentMessage, CoordinatorMessage> {
    @Override
    public void beforeStart(ClientCallStreamObserver<AgentMessage> stream) {
      out = stream;
    }

    @Override
    public void onNext(CoordinatorMessage message) {
      if (message.hasHeartbeat()) {
        say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
      } else {
        came.add(message);
      }
    }

    @Override
    public void onError(Throwable cause) {
      ended(RpcErrors.fromStatus(cause, "coordinator"));
    }

    @Override
    public void onCompleted() {
      ended(null);
    }

    private void ended(HoldfastException why) {
      end.complete(why);
      came.add(CoordinatorMessage.getDefaultInstance());
    }
  }
}
