package io.holdfast.agent.link;

import io.holdfast.agent.backup.UploadLink;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Upload;

/**
 * A backup session's stream that keeps the pages sent: the next run of the same sources reads them
 * again. Whether the session is committed makes no difference to what they are.
 */
record CachingUploadLink(UploadLink link, PageCache cache) implements UploadLink {
  @Override
  public void send(BackupRequest request) throws InterruptedException {
    link.send(request);
    if (request.hasUpload() && request.getUpload().getKindValue() == ChunkKind.PAGE.number()) {
      keep(request.getUpload());
    }
  }

  private void keep(Upload page) {
    ChunkRef ref = new ChunkRef(ChunkKind.PAGE, ChunkId.of(page.getId().toByteArray()));
    cache.put(ref, page.getSealed().toByteArray());
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
