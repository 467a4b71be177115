package io.holdfast.agent.backup;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.SnapshotId;
import java.time.Duration;
import java.util.List;

/**
 * A committed run.
 *
 * @param receipt serialized SignedReceipt, to be kept
 * @param gaps the first of them
 */
public record BackupResult(
    SnapshotId snapshot,
    ByteString receipt,
    RunCounters counters,
    List<Gaps.Found> gaps,
    Duration duration) {
  public boolean isComplete() {
    return counters.gaps() == 0;
  }
}
