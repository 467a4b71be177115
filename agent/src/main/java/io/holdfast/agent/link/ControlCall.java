package io.holdfast.agent.link;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A control stream on gRPC. */
final class ControlCall implements ControlLink {
  private final CoordinatorChannel channel;
  private final Line line;
  private final BlockingClientCall<AgentMessage, CoordinatorMessage> call;

  private ControlCall(CoordinatorChannel channel, Line line) {
    this.channel = channel;
    this.line = line;
    this.call = ControlGrpc.newBlockingV2Stub(line.channel()).connect();
  }

  /** On the line that {@code channel} uses now. */
  static ControlCall open(CoordinatorChannel channel) {
    return new ControlCall(channel, channel.line());
  }

  @Override
  public boolean send(AgentMessage message) throws InterruptedException {
    try {
      return call.write(message);
    } catch (StatusException e) {
      throw line.explain(e);
    }
  }

  @Override
  public Optional<CoordinatorMessage> receive(Duration within) throws InterruptedException {
    try {
      return Optional.ofNullable(call.read(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusException e) {
      throw line.explain(e);
    } catch (TimeoutException e) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "nothing was heard of the "
              + peer()
              + " for longer than it promised; check it and the network",
          e);
    }
  }

  @Override
  public String peer() {
    return line.peer();
  }

  @Override
  public void close() {
    call.cancel("this control stream is over", null);
    channel.failed(line);
  }
}
