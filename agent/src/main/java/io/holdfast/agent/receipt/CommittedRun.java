package io.holdfast.agent.receipt;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import java.util.Optional;

/**
 * What this host knows of a run that a coordinator says is committed.
 *
 * @param root as this host sent it; empty if an earlier process of the agent did
 */
public record CommittedRun(
    RunId run, SnapshotId snapshot, Optional<ChunkId> root, Bytes32 sourceSet) {}
