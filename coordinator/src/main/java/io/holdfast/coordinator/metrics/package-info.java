/**
 * What this coordinator counts and shows to Prometheus, and whether it is alive and ready.
 *
 * <p>Owns every metric's name and help ({@link io.holdfast.coordinator.metrics.Metrics}, {@link
 * io.holdfast.coordinator.metrics.CatalogGauges}, {@link
 * io.holdfast.coordinator.metrics.AlarmGauges}, {@link
 * io.holdfast.coordinator.metrics.ProofGauges}) and the small HTTP server for them ({@link
 * io.holdfast.coordinator.metrics.MetricsServer}). Others know only the meters of their own
 * packages, which are implemented here.
 *
 * <p>The README has a table of all of them, which a test compares with what is exported; another
 * one holds the alert rules and the dashboard of the distribution against that table.
 *
 * <p>Must never: take a path, a snapshot or anything else without a bound for a label; fail or slow
 * down what is counted; answer on another interface than the configured one, loopback by default.
 *
 * <p>Figures that the catalog holds are read from it at each scrape, so they survive a change of
 * leader; counters begin anew with each process.
 *
 * <p>Threads: meters are called by any; scrapes run in two of the server's. Files: none. Tests:
 * {@code MetricsServerTest}, {@code MetricsTableTest}.
 */
package io.holdfast.coordinator.metrics;
