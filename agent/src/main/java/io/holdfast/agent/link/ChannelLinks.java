package io.holdfast.agent.link;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.common.rpc.ArrayMarshaller;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadGrpc;
import io.holdfast.proto.wire.v1.ReadRequest;

/** Sessions as gRPC calls on the agent's connection. */
record ChannelLinks(CoordinatorChannel channel) implements SessionLinks {
  /** Chunks are handed on where they arrived. */
  private static final MethodDescriptor<ReadRequest, ReadAnswer> READ =
      ArrayMarshaller.ofAnswers(ReadGrpc.getSessionMethod());

  /** Of an upload with the transport at one time: what keeps it busy while the next is sealed. */
  private static final int QUEUED_BYTES = 2 << 20;

  @Override
  public UploadLink upload() {
    Line line = channel.line();
    BackupGrpc.BackupBlockingV2Stub backup =
        BackupGrpc.newBlockingV2Stub(line.channel()).withOnReadyThreshold(QUEUED_BYTES);
    return new UploadStream(backup.session(), line.peer());
  }

  @Override
  public ReadLink read() {
    Line line = channel.line();
    return new ReadCall(
        ClientCalls.blockingBidiStreamingCall(line.channel(), READ, CallOptions.DEFAULT),
        line.peer());
  }
}
