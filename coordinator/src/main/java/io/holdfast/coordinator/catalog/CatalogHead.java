package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RecordHash;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.SiteEpoch;
import java.nio.ByteBuffer;

/**
 * How far the catalog has come: the last record applied. Its row: seq (8), hash (32), term (8),
 * incarnation (16), epoch number (8), epoch id (16), time (8).
 *
 * @param timeMillis of that record, milliseconds since 1970
 */
public record CatalogHead(
    long seq,
    RecordHash hash,
    long term,
    ByteString incarnation,
    long epochNumber,
    ByteString epochId,
    long timeMillis) {
  private static final int BYTES = 96;

  static CatalogHead of(AppliedRecord record) {
    RecordBody body = record.body();
    SiteEpoch epoch = body.getSiteEpoch();
    return new CatalogHead(
        body.getSeq(),
        record.hash(),
        body.getTerm(),
        ByteString.copyFrom(Fields.bytes16(body.getIncarnation(), "incarnation")),
        epoch.getNumber(),
        ByteString.copyFrom(Fields.bytes16(epoch.getId(), "site epoch id")),
        body.getTimeMillis());
  }

  static CatalogHead of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new CatalogHead(
        in.getLong(),
        new RecordHash(Bytes32.get(in)),
        in.getLong(),
        ByteString.copyFrom(in, 16),
        in.getLong(),
        ByteString.copyFrom(in, 16),
        in.getLong());
  }

  byte[] toRow() {
    return ByteBuffer.allocate(BYTES)
        .putLong(seq)
        .put(hash.toByteArray())
        .putLong(term)
        .put(incarnation.toByteArray())
        .putLong(epochNumber)
        .put(epochId.toByteArray())
        .putLong(timeMillis)
        .array();
  }
}
