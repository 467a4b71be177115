package io.holdfast.agent.link;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;

/** A read session's stream on gRPC. */
final class ReadCall implements ReadLink {
  private final BlockingClientCall<ReadRequest, ReadAnswer> call;
  private final String peer;

  ReadCall(BlockingClientCall<ReadRequest, ReadAnswer> call, String peer) {
    this.call = call;
    this.peer = peer;
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public void send(ReadRequest request) throws InterruptedException {
    try {
      if (!call.write(request)) {
        throw closed();
      }
    } catch (StatusException e) {
      throw RpcErrors.fromStatus(e, peer);
    }
  }

  @Override
  public ReadAnswer receive() throws InterruptedException {
    try {
      ReadAnswer answer = call.read();
      if (answer == null) {
        throw closed();
      }
      return answer;
    } catch (StatusException e) {
      throw RpcErrors.fromStatus(e, peer);
    }
  }

  private HoldfastException closed() {
    return new HoldfastException(ErrorCode.UNAVAILABLE, "the " + peer + " ended the read session");
  }

  @Override
  public void close() {
    call.cancel("the read session is over", null);
  }
}
