package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.zip.CRC32C;

/**
 * The files to be read back: of those whose path hashes below the share asked for, the lowest, so
 * that which they are depends on nothing else. Any thread.
 */
final class Samples {
  private record Sample(EntryPath path, long hash) {}

  private static final long HASHES = 1L << 32;

  private final long below;
  private final int limit;
  private final PriorityQueue<Sample> kept =
      new PriorityQueue<>(Comparator.comparingLong(Sample::hash).reversed());

  Samples(int perMille, int limit) {
    this.below = HASHES / 1_000 * perMille + (perMille == 1_000 ? HASHES : 0);
    this.limit = limit;
  }

  synchronized void written(EntryPath path) {
    long hash = hash(path);
    if (hash >= below) {
      return;
    }
    kept.add(new Sample(path, hash));
    if (kept.size() > limit) {
      kept.poll();
    }
  }

  private static long hash(EntryPath path) {
    CRC32C crc = new CRC32C();
    crc.update(path.toByteArray());
    return crc.getValue();
  }

  /** In path order. */
  synchronized List<EntryPath> paths() {
    return kept.stream().map(Sample::path).sorted().toList();
  }
}
