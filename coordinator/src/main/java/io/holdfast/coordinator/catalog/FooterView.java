package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.pack.PackFooter;
import java.util.List;

/**
 * What the catalog reads of a pack's footer: who filled it and what lies where. The bytes were
 * checked against the hash that the journal registered; what they say was not, so apply bounds
 * every value itself. Entries count from 0.
 */
public interface FooterView {
  /** A parsed footer. */
  static FooterView of(PackFooter footer) {
    return PackFooterView.of(footer);
  }

  /** Hosts that filled the pack, in the footer's order. */
  List<HostId> owners();

  int entries();

  /** 1 to 4 as in {@link io.holdfast.common.id.ChunkKind}, 16 for a copy of a snapshot record. */
  int kind(int entry);

  /** Id of the chunk, or of the snapshot. */
  Bytes32 id(int entry);

  /** Position in {@link #owners} of the host that uploaded the entry. */
  int owner(int entry);

  /** Bytes from the pack's start. */
  long offset(int entry);

  long sealedLength(int entry);

  long plainLength(int entry);

  /** CRC-32C of the sealed bytes. */
  int crc32c(int entry);
}
