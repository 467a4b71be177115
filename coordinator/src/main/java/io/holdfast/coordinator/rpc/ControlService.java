package io.holdfast.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.rpc.ServerStream;
import io.holdfast.coordinator.fleet.OpenCalls.CallEnd;
import io.holdfast.coordinator.job.ControlSession;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.Hello;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The agents' control streams: two threads each, one that reads and one that writes. */
public final class ControlService extends ControlGrpc.ControlImplBase {
  private final Jobs jobs;
  private final Executor executor;

  /** {@code executor} gives each task a thread of its own that may block. */
  public ControlService(Jobs jobs, Executor executor) {
    this.jobs = jobs;
    this.executor = executor;
  }

  @Override
  public StreamObserver<AgentMessage> connect(StreamObserver<CoordinatorMessage> answers) {
    HostId host = RpcCaller.host();
    CallEnd end = RpcCaller.end();
    return ServerStream.serve(executor, answers, stream -> converse(host, end, stream));
  }

  private void converse(
      HostId host, CallEnd end, ServerStream<AgentMessage, CoordinatorMessage> stream)
      throws InterruptedException {
    Hello hello =
        stream
            .next()
            .filter(AgentMessage::hasHello)
            .map(AgentMessage::getHello)
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.INVALID_ARGUMENT,
                    "host " + host + " opened a control stream without a hello"));
    try (ControlSession session = jobs.connect(host, hello, end::abort)) {
      executor.execute(() -> write(session, end, stream));
      for (Optional<AgentMessage> next = stream.next(); next.isPresent(); next = stream.next()) {
        session.received(next.get());
      }
    }
  }

  private static void write(
      ControlSession session, CallEnd end, ServerStream<AgentMessage, CoordinatorMessage> stream) {
    try {
      for (Optional<CoordinatorMessage> next = session.next();
          next.isPresent();
          next = session.next()) {
        stream.send(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end.abort(
          new HoldfastException(ErrorCode.UNAVAILABLE, "the coordinator is stopping; try again"));
    } catch (RuntimeException e) {
      end.abort(RpcErrors.asHoldfast(e)); // the reader ends with it
    }
  }
}
