package io.holdfast.agent.link;

import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;

/** A backup session's stream that sends no faster than a limit lets it. */
record PacedUploadLink(UploadLink link, RateLimit sending) implements UploadLink {
  @Override
  public void send(BackupRequest request) throws InterruptedException {
    sending.take(request.getSerializedSize());
    link.send(request);
  }

  @Override
  public BackupAnswer receive() throws InterruptedException {
    return link.receive();
  }

  @Override
  public void close() {
    link.close();
  }
}
