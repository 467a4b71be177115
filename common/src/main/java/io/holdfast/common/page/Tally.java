package io.holdfast.common.page;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** Adds up {@link Totals}. */
final class Tally {
  private long entries;
  private long files;
  private long directories;
  private long logicalBytes;
  private long gaps;

  void add(Entry entry) {
    switch (entry) {
      case Node node -> addNode(node);
      case Continuation continuation -> {}
    }
    gaps += entry.gap().isPresent() ? 1 : 0;
  }

  private void addNode(Node node) {
    entries++;
    if (node.form() instanceof Form.RegularFile file) {
      files++;
      logicalBytes = sum(logicalBytes, file.sizeBytes());
    } else if (node.isDirectory()) {
      directories++;
    }
  }

  void add(Totals totals) {
    entries = sum(entries, totals.entries());
    files = sum(files, totals.files());
    directories = sum(directories, totals.directories());
    logicalBytes = sum(logicalBytes, totals.logicalBytes());
    gaps = sum(gaps, totals.gaps());
  }

  private static long sum(long left, long right) {
    long sum = left + right;
    if (sum < 0) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED, "the totals of a page are beyond 63 bits");
    }
    return sum;
  }

  Totals toTotals() {
    return new Totals(entries, files, directories, logicalBytes, gaps);
  }

  void clear() {
    entries = 0;
    files = 0;
    directories = 0;
    logicalBytes = 0;
    gaps = 0;
  }
}
