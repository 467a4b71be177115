package io.holdfast.coordinator.journal;

import io.holdfast.common.id.CoordinatorId;
import java.util.List;

/**
 * The signing key of one coordinator, with what shows whose it is. Safe for use by many threads.
 */
public interface RecordSigner {
  CoordinatorId id();

  /** DER certificates, the signing key's first, up to but without the fleet's root. */
  List<byte[]> certificates();

  /**
   * The 64 bytes that sign {@code unsigned}, a record without its signature, as a journal record.
   */
  byte[] sign(byte[] unsigned);
}
