package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.proto.stored.v1.PagesChecked;
import java.util.List;

/**
 * What a walk below a root found.
 *
 * @param missing what doesn't count for the host; empty if the root may be committed
 * @param checked pages that no live check covered and that have everything, to be journalled with
 *     the commit: the next one need not walk them. Empty if anything is missing
 */
public record CommitWalk(List<ChunkRef> missing, List<PagesChecked> checked) {}
