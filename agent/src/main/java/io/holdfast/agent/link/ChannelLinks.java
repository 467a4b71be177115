package io.holdfast.agent.link;

import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.ReadGrpc;

/** Sessions as gRPC calls on the agent's connection. */
record ChannelLinks(CoordinatorChannel channel) implements SessionLinks {
  @Override
  public UploadLink upload() {
    Line line = channel.line();
    return new UploadStream(BackupGrpc.newBlockingV2Stub(line.channel()).session(), line.peer());
  }

  @Override
  public ReadLink read() {
    Line line = channel.line();
    return new ReadCall(ReadGrpc.newBlockingV2Stub(line.channel()).session(), line.peer());
  }
}
