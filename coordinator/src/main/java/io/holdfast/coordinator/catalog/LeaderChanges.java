package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.CoordinatorId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Effects of terms: how often another coordinator took over. One that was started again, or renewed
 * its certificate, opens a term and is no other. The row: changes (8), writer of the newest term
 * (16).
 */
final class LeaderChanges {
  private record Row(long changes, CoordinatorId leader) {
    static Row of(byte[] row) {
      ByteBuffer in = ByteBuffer.wrap(row);
      long changes = in.getLong();
      byte[] leader = new byte[in.remaining()];
      in.get(leader);
      return new Row(changes, CoordinatorId.of(leader));
    }

    byte[] toRow() {
      return Keys.join(Keys.seq(changes), leader.toByteArray());
    }
  }

  private LeaderChanges() {}

  static void beginTerm(Effects effects) {
    CoordinatorId next = effects.statement().writer();
    Optional<Row> before = effects.get(Families.META, Keys.LEADER).map(Row::of);
    long changes = before.map(Row::changes).orElse(0L);
    boolean isOther = before.filter(row -> !row.leader().equals(next)).isPresent();
    effects.put(Families.META, Keys.LEADER, new Row(changes + (isOther ? 1 : 0), next).toRow());
  }

  static long count(byte[] row) {
    return Row.of(row).changes();
  }
}
