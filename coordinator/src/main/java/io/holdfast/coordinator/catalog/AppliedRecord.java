package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.RecordHash;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.Objects;

/**
 * A journal record that the journal found valid. The catalog checks that it follows the one applied
 * before, and nothing else about its validity.
 *
 * @param hash SHA-256 over the whole record
 * @param body what was signed
 */
public record AppliedRecord(RecordHash hash, RecordBody body) {
  public AppliedRecord {
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(body, "body");
  }

  public long seq() {
    return body.getSeq();
  }
}
