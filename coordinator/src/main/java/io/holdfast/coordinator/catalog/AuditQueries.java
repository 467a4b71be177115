package io.holdfast.coordinator.catalog;

import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;

/** Which records of the journal say what a person did. */
public final class AuditQueries {
  private final Reads reads;

  AuditQueries(Reads reads) {
    this.reads = reads;
  }

  /**
   * Slots of these records, the newest first, none from before {@code sinceMillis}; at most {@code
   * limit}.
   */
  public long[] newest(long sinceMillis, long limit) {
    LongStream.Builder seqs = LongStream.builder();
    try (Cursor cursor = reads.cursor(Families.AUDITS)) {
      boolean more = cursor.seek(new byte[0]);
      for (long found = 0; more && found < limit; more = cursor.next()) {
        ByteBuffer key = ByteBuffer.wrap(cursor.key());
        if ((key.getLong() ^ Long.MAX_VALUE) < sinceMillis) {
          break;
        }
        seqs.add(~key.getLong());
        found++;
      }
    }
    return seqs.build().toArray();
  }
}
