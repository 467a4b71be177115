package io.holdfast.agent.restore;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.tree.DifferenceReason;
import io.holdfast.agent.tree.TreeReport;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  /** Takes over what the tree's writer found; of what was given up the reason is here already. */
  synchronized void add(TreeReport report) {
    Map<DifferenceReason, Long> rest = new EnumMap<>(DifferenceReason.class);
    rest.putAll(report.counts());
    for (io.holdfast.agent.tree.Difference found : report.differences()) {
      take(found);
      rest.merge(found.reason(), -1L, Long::sum);
    }
    rest.forEach(this::count);
  }

  private void take(io.holdfast.agent.tree.Difference found) {
    EntryPath path = EntryPath.of(found.path().toByteArray());
    String text = text(found);
    switch (found.reason()) {
      case GIVEN_UP -> {}
      case UNSAFE_PATH -> failed(path, ErrorCode.PATH_UNSAFE, text);
      case OTHER_KIND_IN_THE_WAY, PARENT_NOT_A_DIRECTORY, KIND_NOT_ALLOWED ->
          failed(path, ErrorCode.TARGET_CONFLICT, text);
      case LINK_SOURCE_MISSING, NOT_WRITTEN -> failed(path, ErrorCode.TARGET_UNWRITABLE, text);
      case OWNER_NOT_SET, MODE_NOT_SET, SET_ID_LEFT_OUT, XATTR_NOT_SET, TIME_NOT_SET ->
          differs(path, text);
    }
  }

  private static String text(io.holdfast.agent.tree.Difference found) {
    String words = found.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return found.errno() == 0 ? words : words + ": " + Errno.describe(found.errno());
  }

  private void count(DifferenceReason reason, long more) {
    if (reason != DifferenceReason.GIVEN_UP && reason.isMissing()) {
      failureCount += more;
    } else if (!reason.isMissing()) {
      differenceCount += more;
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
