package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.wire.v1.BackupOrder;
import java.util.List;

/**
 * One attempt of a run that a schedule asks for.
 *
 * @param run which one it is
 * @param order with the run's id; complete
 * @param sourceSet that the snapshot has to be of
 * @param policy its name, and that of its data class
 * @param shownSources for people
 */
public record ScheduledBackup(
    NamedHost host,
    JobId job,
    ScheduledRun run,
    BackupOrder order,
    Bytes32 sourceSet,
    String policy,
    String dataClass,
    List<ByteString> shownSources) {
  public ScheduledBackup {
    shownSources = List.copyOf(shownSources);
  }
}
