package io.holdfast.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.ServerStream;
import io.holdfast.coordinator.serve.ReadSessions;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadGrpc;
import io.holdfast.proto.wire.v1.ReadRequest;
import java.util.concurrent.Executor;

/** Read sessions on the wire: one thread each. */
public final class ReadService extends ReadGrpc.ReadImplBase {
  /** With the transport at one time: what keeps it busy while a pack is read. */
  private static final int QUEUED_BYTES = 2 << 20;

  private final ReadSessions sessions;
  private final Executor executor;

  /** {@code executor} gives each task a thread of its own that may block. */
  public ReadService(ReadSessions sessions, Executor executor) {
    this.sessions = sessions;
    this.executor = executor;
  }

  @Override
  public StreamObserver<ReadRequest> session(StreamObserver<ReadAnswer> answers) {
    HostId host = RpcCaller.host();
    return ServerStream.serve(
        executor, answers, QUEUED_BYTES, stream -> sessions.serve(host, stream));
  }
}
