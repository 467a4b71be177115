package io.holdfast.coordinator.catalog;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The totals at one moment; immutable. Its row is one unsigned integer (8) for each, by place. */
public final class CatalogTotals {
  private final long[] values;

  private CatalogTotals(long[] values) {
    this.values = values;
  }

  static CatalogTotals none() {
    return new CatalogTotals(new long[Total.COUNT]);
  }

  static CatalogTotals of(byte[] row) {
    long[] values = new long[Total.COUNT];
    ByteBuffer.wrap(row).asLongBuffer().get(values, 0, Math.min(values.length, row.length / 8));
    return new CatalogTotals(values);
  }

  public long of(Total total) {
    return values[total.place()];
  }

  CatalogTotals plus(Total total, long change) {
    long[] next = values.clone();
    next[total.place()] += change;
    return new CatalogTotals(next);
  }

  byte[] toRow() {
    ByteBuffer out = ByteBuffer.allocate(values.length * Long.BYTES);
    out.asLongBuffer().put(values);
    return out.array();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CatalogTotals totals && Arrays.equals(values, totals.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Total total : Total.values()) {
      text.append(text.isEmpty() ? "" : ", ").append(total).append('=').append(of(total));
    }
    return text.toString();
  }
}
