package io.holdfast.coordinator.catalog;

/**
 * How the catalog is kept.
 *
 * @param flushEveryRecords after so many records applied the store is flushed: at most so many are
 *     applied again after a stop
 */
public record CatalogConfig(int flushEveryRecords) {
  public CatalogConfig {
    if (flushEveryRecords < 1) {
      throw new IllegalArgumentException(
          "flush every records is " + flushEveryRecords + ", must be at least 1");
    }
  }

  public static CatalogConfig defaults() {
    return new CatalogConfig(1_000);
  }
}
