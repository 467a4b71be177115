package io.holdfast.coordinator.pack;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.sealing.SealedHeader;
import java.nio.ByteBuffer;

/**
 * One sealed chunk as it arrived, checked against its CRC.
 *
 * @param header parsed from the sealed bytes
 * @param hash beginning of SHA-256 over the sealed bytes, as the agent computed it
 * @param sealed the sealed chunk, from position to limit; read, not kept
 */
public record PackItem(
    HostId owner,
    SessionId session,
    ChunkRef chunk,
    SealedHeader header,
    int crc32c,
    SealedHash hash,
    ByteBuffer sealed) {}
