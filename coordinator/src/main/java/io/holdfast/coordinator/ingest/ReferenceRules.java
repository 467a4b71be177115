package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import java.util.BitSet;
import java.util.List;

/** What a host may rest a snapshot on. Any thread. */
public interface ReferenceRules {
  /** The bits of those {@code references} that count for {@code host} now. */
  BitSet known(HostId host, List<ChunkRef> references);

  /** Walks the tree under {@code root} as far as no live check for {@code host} covers it. */
  CommitWalk walk(ChunkRef root, HostId host);
}
