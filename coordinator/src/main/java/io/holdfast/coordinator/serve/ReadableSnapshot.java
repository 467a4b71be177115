package io.holdfast.coordinator.serve;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RunId;

/**
 * A snapshot that a host may read.
 *
 * @param host whose snapshot it is: chunks are served if they count for it
 * @param rootForReader the root's K sealed to the reader's encryption key
 * @param aadHost host in the AAD of that box
 * @param aadRun run in the AAD of that box
 */
record ReadableSnapshot(
    ChunkRef root,
    HostId host,
    RunId run,
    ByteString rootForReader,
    HostId aadHost,
    RunId aadRun) {}
