package io.holdfast.coordinator.rpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.ArrayMarshaller;
import io.holdfast.common.rpc.ServerStream;
import io.holdfast.coordinator.ingest.BackupSessions;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.BackupRequest;
import java.util.concurrent.Executor;

/** Backup sessions on the wire: one thread each. Uploads are handed on where they arrived. */
public final class BackupService implements BindableService {
  private static final MethodDescriptor<BackupRequest, BackupAnswer> SESSION =
      ArrayMarshaller.ofRequests(BackupGrpc.getSessionMethod());

  private final BackupSessions sessions;
  private final Executor executor;

  /** {@code executor} gives each task a thread of its own that may block. */
  public BackupService(BackupSessions sessions, Executor executor) {
    this.sessions = sessions;
    this.executor = executor;
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(BackupGrpc.SERVICE_NAME).addMethod(SESSION).build();
    return ServerServiceDefinition.builder(service)
        .addMethod(SESSION, ServerCalls.asyncBidiStreamingCall(this::session))
        .build();
  }

  private StreamObserver<BackupRequest> session(StreamObserver<BackupAnswer> answers) {
    HostId host = RpcCaller.host();
    return ServerStream.serve(executor, answers, stream -> sessions.serve(host, stream));
  }
}
