package io.holdfast.agent.link;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;

/** A backup session's stream on gRPC. */
final class UploadStream implements UploadLink {
  private final BlockingClientCall<BackupRequest, BackupAnswer> call;
  private final String peer;

  UploadStream(BlockingClientCall<BackupRequest, BackupAnswer> call, String peer) {
    this.call = call;
    this.peer = peer;
  }

  @Override
  public void send(BackupRequest request) throws InterruptedException {
    try {
      if (!call.write(request)) {
        throw closed();
      }
    } catch (StatusException e) {
      throw RpcErrors.fromStatus(e, peer);
    }
  }

  @Override
  public BackupAnswer receive() throws InterruptedException {
    try {
      BackupAnswer answer = call.read();
      if (answer == null) {
        throw closed();
      }
      return answer;
    } catch (StatusException e) {
      throw RpcErrors.fromStatus(e, peer);
    }
  }

  private HoldfastException closed() {
    return new HoldfastException(
        ErrorCode.UNAVAILABLE, "the " + peer + " ended the session; run the backup again");
  }

  @Override
  public void close() {
    call.cancel("the session is over", null);
  }
}
