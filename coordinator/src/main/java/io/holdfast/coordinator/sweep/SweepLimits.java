package io.holdfast.coordinator.sweep;

import java.time.Duration;

/**
 * How far a sweep may go.
 *
 * @param quarantine how long what is condemned stays readable at least
 * @param rewriteBelow live share of a pack, in percent, below which it is rewritten; 0 for never
 * @param bytesPerSecond that rewrites read
 * @param freeBytes sealed bytes that may be condemned without an approval, whatever their share;
 *     also those of objects that no record names and that are given up
 * @param freePercent share of all sealed bytes that may be
 * @param dataTarget sealed bytes after which a rewritten data pack is closed
 * @param pageTarget the same for page packs
 */
public record SweepLimits(
    Duration quarantine,
    int rewriteBelow,
    long bytesPerSecond,
    long freeBytes,
    int freePercent,
    long dataTarget,
    long pageTarget) {
  /** Objects that no record names of which one sweep may give up the names without an approval. */
  static final int FREE_NAMES = 64;

  /** Share of all sealed bytes that one sweep may condemn without an approval. */
  public static final int FREE_PERCENT = 20;
}
