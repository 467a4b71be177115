package io.holdfast.agent.backup;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.page.PageSink;
import io.holdfast.common.page.PageSummary;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkSealer;
import java.util.List;

/** Names finished pages and puts them on their way. One thread. */
final class SnapshotPages implements PageSink {
  private final ChunkSealer sealer;
  private final ChunkPipeline pipeline;

  SnapshotPages(ChunkSealer sealer, ChunkPipeline pipeline) {
    this.sealer = sealer;
    this.pipeline = pipeline;
  }

  @Override
  public Reference store(byte[] plaintext, List<Reference> references, PageSummary summary) {
    ChunkKey key = sealer.key(ChunkKind.PAGE, plaintext, 0, plaintext.length);
    try {
      pipeline.submitPage(plaintext, List.copyOf(references), key, sealer.ref(key));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "the backup was ended", e);
    }
    return new Reference(ChunkKind.PAGE, key.k());
  }
}
