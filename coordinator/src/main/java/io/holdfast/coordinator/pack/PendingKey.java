package io.holdfast.coordinator.pack;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;

/** A chunk that a host uploaded and that no registration covers yet. */
record PendingKey(HostId owner, ChunkRef chunk) {}
