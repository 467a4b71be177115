package io.holdfast.agent.backup;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.SnapshotId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A committed run.
 *
 * @param root what this run committed; empty if the coordinator had committed the run before
 * @param receipt serialized SignedReceipt, to be kept
 * @param gaps the first of them
 */
public record BackupResult(
    SnapshotId snapshot,
    Optional<ChunkId> root,
    ByteString receipt,
    RunCounters counters,
    List<Gaps.Found> gaps,
    Duration duration) {
  public boolean isComplete() {
    return counters.gaps() == 0;
  }
}
