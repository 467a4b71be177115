package io.holdfast.agent.restore;

import io.holdfast.common.snapshot.SnapshotContent;

/**
 * Memory and threads of one restore.
 *
 * @param workers threads that open chunks and write
 * @param bytesInFlight sealed bytes received and not yet opened
 * @param windowExtents after so many extents a window's chunks are fetched; some 100 bytes each
 * @param windowLeaves the same for the leaf pages they stand in
 * @param windowEntries the same for entries, directories and links included
 * @param openFiles files of more than one chunk that a window may write side by side
 * @param linkGroups hard-linked files remembered; beyond, a further name gets a copy of its own
 * @param sampleFiles most files read back
 */
public record RestoreLimits(
    int workers,
    int bytesInFlight,
    int windowExtents,
    int windowLeaves,
    int windowEntries,
    int openFiles,
    int linkGroups,
    int sampleFiles) {
  public static final RestoreLimits STANDARD =
      new RestoreLimits(2, 6 << 20, 32_768, SnapshotContent.LEAVES_MAX, 32_768, 256, 65_536, 1_000);

  public RestoreLimits {
    if (workers < 1
        || bytesInFlight < 1
        || windowExtents < 1
        || windowExtents > SnapshotContent.CHUNKS_MAX / 2
        || windowLeaves < 1
        || windowLeaves > SnapshotContent.LEAVES_MAX
        || windowEntries < 1
        || openFiles < 1
        || linkGroups < 1
        || sampleFiles < 0) {
      throw new IllegalArgumentException("limits of a restore out of range");
    }
  }
}
