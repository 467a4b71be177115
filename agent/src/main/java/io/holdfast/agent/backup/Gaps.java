package io.holdfast.agent.backup;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Gap;
import java.util.ArrayList;
import java.util.List;

/**
 * The first gaps of a run, for the report; all of them are in the pages and counted. Any thread.
 */
public final class Gaps {
  /** Gaps kept for the report. */
  public static final int KEPT = 1_000;

  /** One path that is not whole in the snapshot, and why in words. */
  public record Found(EntryPath path, Gap gap, String text) {}

  private final RunCounters counters;
  private final List<Found> kept = new ArrayList<>();
  private long count;

  Gaps(RunCounters counters) {
    this.counters = counters;
  }

  /** Counts one, and keeps it if there is room. */
  public synchronized void add(EntryPath path, Gap gap, String text) {
    counters.gap();
    count++;
    if (kept.size() < KEPT) {
      kept.add(new Found(path, gap, text));
    }
  }

  /** All of them, kept or not. */
  public synchronized long count() {
    return count;
  }

  public synchronized List<Found> kept() {
    return List.copyOf(kept);
  }
}
