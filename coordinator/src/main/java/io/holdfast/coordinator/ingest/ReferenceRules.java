package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import java.util.BitSet;
import java.util.List;

/** What a host may rest a snapshot on. Any thread. */
public interface ReferenceRules {
  /** The bits of those {@code references} that count for {@code host} now. */
  BitSet known(HostId host, List<ChunkRef> references);

  /** What the tree under {@code root} lacks for {@code host}; empty if it may be committed. */
  List<ChunkRef> missing(ChunkRef root, HostId host);
}
