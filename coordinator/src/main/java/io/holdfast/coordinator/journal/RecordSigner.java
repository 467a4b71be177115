package io.holdfast.coordinator.journal;

import io.holdfast.common.id.CoordinatorId;
import java.util.List;

/** The signing key of one coordinator, with what shows whose it is. Safe for use by many threads. */
public interface RecordSigner {
  CoordinatorId id();

  /** DER certificates, the signing key's first, up to but without the fleet's root. */
  List<byte[]> certificates();

  /**
   * ECDSA P-256 with SHA-256 over the label of journal records, a zero byte and {@code message}: r and s
   * of 32 bytes (IEEE P1363).
   */
  byte[] sign(byte[] message);
}
