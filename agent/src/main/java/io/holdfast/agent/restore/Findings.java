package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a restore has to report: entries that failed, and things that were restored but not all of
 * which could be set. The first of each are kept, all are counted. Any thread.
 */
public final class Findings {
  /** Of each kind, kept for the report. */
  public static final int KEPT = 1_000;

  /** An entry that isn't there as it should be, and why. */
  public record Failure(EntryPath path, ErrorCode code, String text) {}

  /** Something about an entry that could not be set. */
  public record Difference(EntryPath path, String text) {}

  private final List<Failure> failures = new ArrayList<>();
  private final List<Difference> differences = new ArrayList<>();
  private long failureCount;
  private long differenceCount;

  synchronized void failed(EntryPath path, ErrorCode code, String text) {
    failed(path, code, text, 1);
  }

  void failed(EntryPath path, HoldfastException cause) {
    failed(path, cause.code(), cause.getMessage());
  }

  /** One report that stands for {@code count} entries. */
  synchronized void failed(EntryPath path, ErrorCode code, String text, long count) {
    failureCount += count;
    if (failures.size() < KEPT) {
      failures.add(new Failure(path, code, text));
    }
  }

  synchronized void differs(EntryPath path, String text) {
    differenceCount++;
    if (differences.size() < KEPT) {
      differences.add(new Difference(path, text));
    }
  }

  /** Entries that failed, reported or not. */
  public synchronized long failureCount() {
    return failureCount;
  }

  public synchronized long differenceCount() {
    return differenceCount;
  }

  public synchronized List<Failure> failures() {
    return List.copyOf(failures);
  }

  public synchronized List<Difference> differences() {
    return List.copyOf(differences);
  }
}
