package io.holdfast.coordinator.ingest;

import io.holdfast.common.identity.SigningKey;
import java.util.List;

/**
 * What signs receipts and copies of snapshot records.
 *
 * @param certificates DER of the signer's, leaf first, without the root
 */
public record ReceiptKey(SigningKey key, List<byte[]> certificates) {
  public ReceiptKey {
    certificates = List.copyOf(certificates);
  }
}
