package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RecordHash;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.Objects;

/**
 * A journal record that the journal found valid. The catalog checks that it follows the one applied
 * before, and nothing else about its validity.
 *
 * @param hash SHA-256 over the whole record
 * @param body what was signed
 * @param journalState what the journal wants kept with the record's effects, so that a restart
 *     judges the next slot from there; the catalog doesn't look into it
 */
public record AppliedRecord(RecordHash hash, RecordBody body, ByteString journalState) {
  public AppliedRecord {
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(journalState, "journalState");
  }

  public long seq() {
    return body.getSeq();
  }
}
