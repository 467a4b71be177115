package io.holdfast.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.ServerStream;
import io.holdfast.coordinator.ingest.BackupSessions;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.BackupRequest;
import java.util.concurrent.Executor;

/** Backup sessions on the wire: one thread each. */
public final class BackupService extends BackupGrpc.BackupImplBase {
  private final BackupSessions sessions;
  private final Executor executor;

  /** {@code executor} gives each task a thread of its own that may block. */
  public BackupService(BackupSessions sessions, Executor executor) {
    this.sessions = sessions;
    this.executor = executor;
  }

  @Override
  public StreamObserver<BackupRequest> session(StreamObserver<BackupAnswer> answers) {
    HostId host = RpcCaller.host();
    return ServerStream.serve(executor, answers, stream -> sessions.serve(host, stream));
  }
}
