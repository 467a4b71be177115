package io.holdfast.agent.restore;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.match.PathPattern;
import io.holdfast.common.page.LostRange;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.page.TreeCursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The entries that a plan wants, in path order, each after the directories on the way to it. Reads
 * only pages in which something wanted may lie. Pages that can't be had are reported and left out,
 * so what comes after one may lack its directories. One thread; holds one path of directories.
 */
final class SelectedEntries {
  /**
   * What comes next.
   *
   * @param leaf the page that refers to the entry's chunks
   * @param wanted false for a directory that is only on the way
   */
  record Step(Entry entry, Reference leaf, boolean wanted) {}

  private final PageTreeReader reader;
  private final List<PathPattern> patterns;
  private final Findings findings;
  private final Deque<EntryPath> tops;
  private final boolean topsMustExist;
  private final TreeCursor cursor;
  private final BitSet hits = new BitSet();

  private final Deque<Step> ready = new ArrayDeque<>();
  private final Deque<Step> onTheWay = new ArrayDeque<>();
  private Optional<EntryPath> top = Optional.empty();
  private boolean inRange;
  private boolean atTop;
  private boolean ended;
  private EntryPath wholeBelow;
  private EntryPath file;

  SelectedEntries(PageTreeReader reader, RestorePlan plan, Findings findings) {
    this.reader = reader;
    this.patterns = plan.patterns();
    this.findings = findings;
    this.topsMustExist = !plan.paths().isEmpty();
    this.tops = outermost(topsOf(plan));
    this.cursor = reader.entries();
    this.inRange = topsOf(plan).isEmpty();
  }

  /** Where wanted entries may lie; empty if anywhere. */
  private static List<EntryPath> topsOf(RestorePlan plan) {
    if (!plan.paths().isEmpty()) {
      return plan.paths();
    }
    List<Optional<EntryPath>> all = plan.patterns().stream().map(PathPattern::top).toList();
    return all.stream().allMatch(Optional::isPresent)
        ? all.stream().map(Optional::orElseThrow).toList()
        : List.of();
  }

  private static Deque<EntryPath> outermost(List<EntryPath> paths) {
    Deque<EntryPath> kept = new ArrayDeque<>();
    for (EntryPath path : new TreeSet<>(paths)) {
      if (kept.isEmpty() || !path.isWithin(kept.peekLast())) {
        kept.addLast(path);
      }
    }
    return kept;
  }

  /** The next step; empty at the end, where patterns that matched nothing have been reported. */
  Optional<Step> next() {
    while (ready.isEmpty() && !ended) {
      try {
        advance();
      } catch (HoldfastException e) {
        leaveOutPage(e);
      }
    }
    return Optional.ofNullable(ready.poll());
  }

  private void leaveOutPage(HoldfastException cause) {
    if (cause.kind() != ErrorKind.CORRUPT && cause.kind() != ErrorKind.NOT_FOUND) {
      throw cause;
    }
    LostRange lost = cursor.leaveOutPage();
    findings.failed(
        lost.first(),
        cause.code(),
        "a page of the snapshot is lost, and with it up to "
            + lost.totals().entries()
            + " entries from here on: "
            + cause.getMessage(),
        Math.max(1, lost.totals().entries()));
  }

  private void advance() {
    if (!inRange) {
      startRange();
    } else if (!cursor.next()) {
      endRange();
    } else if (isBehindRange(cursor.entry().path())) {
      endRange();
    } else {
      take(cursor.entry());
    }
  }

  private boolean isBehindRange(EntryPath path) {
    return top.isPresent() && !path.isWithin(top.get());
  }

  private void startRange() {
    if (tops.isEmpty()) {
      end();
      return;
    }
    EntryPath first = tops.removeFirst();
    top = Optional.of(first);
    inRange = true;
    atTop = true;
    findDirectoriesOf(first);
    cursor.seek(first);
  }

  /**
   * The directories on the way to where a range begins; one that a pattern matches wants all of it.
   */
  private void findDirectoriesOf(EntryPath path) {
    List<EntryPath> above = new ArrayList<>();
    for (Optional<EntryPath> up = path.parent(); up.isPresent(); up = up.get().parent()) {
      above.addFirst(up.get());
    }
    leaveDirectories(path);
    for (EntryPath directory : above) {
      if (!patterns.isEmpty() && wholeBelow == null && matches(directory)) {
        wholeBelow = path;
      }
      if (onTheWay.stream().noneMatch(step -> step.entry().path().equals(directory))) {
        find(directory).ifPresent(onTheWay::addLast);
      }
    }
  }

  private Optional<Step> find(EntryPath directory) {
    try {
      TreeCursor at = reader.entriesFrom(directory);
      return at.next() && at.entry().path().equals(directory)
          ? Optional.of(new Step(at.entry(), at.leafPage(), false))
          : Optional.empty();
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT || e.kind() == ErrorKind.NOT_FOUND) {
        return Optional.empty(); // its own range reports what is lost; the directory is made anew
      }
      throw e;
    }
  }

  private void endRange() {
    if (atTop && topsMustExist) {
      notThere(top.orElseThrow());
    }
    inRange = false;
    if (top.isEmpty()) {
      end();
    }
  }

  private void end() {
    ended = true;
    for (int i = hits.nextClearBit(0); i < patterns.size(); i = hits.nextClearBit(i + 1)) {
      PathPattern pattern = patterns.get(i);
      findings.failed(
          pattern.top().orElseGet(() -> EntryPath.of("**")),
          ErrorCode.PATH_NOT_FOUND,
          "nothing in the snapshot matches '"
              + pattern
              + "'; see what it has by: holdfast snapshot files");
    }
  }

  private void notThere(EntryPath path) {
    findings.failed(
        path,
        ErrorCode.PATH_NOT_FOUND,
        "the snapshot has no '" + path + "'; see what it has by: holdfast snapshot files");
  }

  private void take(Entry entry) {
    atTop = false;
    switch (entry) {
      case Continuation continuation -> takeSegment(continuation);
      case Node node -> takeNode(node);
    }
  }

  private void takeSegment(Continuation continuation) {
    if (continuation.path().equals(file)) {
      ready.add(new Step(continuation, cursor.leafPage(), true));
    }
  }

  private void takeNode(Node node) {
    file = null;
    leaveDirectories(node.path());
    if (isWanted(node)) {
      ready.addAll(onTheWay);
      onTheWay.clear();
      ready.add(new Step(node, cursor.leafPage(), true));
      file = node.path();
    } else if (node.isDirectory()) {
      onTheWay.addLast(new Step(node, cursor.leafPage(), false));
    }
  }

  private void leaveDirectories(EntryPath path) {
    while (!onTheWay.isEmpty() && !path.isWithin(onTheWay.peekLast().entry().path())) {
      onTheWay.removeLast();
    }
    if (wholeBelow != null && !path.isWithin(wholeBelow)) {
      wholeBelow = null;
    }
  }

  private boolean isWanted(Node node) {
    if (patterns.isEmpty() || wholeBelow != null) {
      return true;
    }
    boolean matched = matches(node.path());
    if (matched) {
      wholeBelow = node.path();
    }
    return matched;
  }

  private boolean matches(EntryPath path) {
    boolean matched = false;
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(path)) {
        hits.set(i);
        matched = true;
      }
    }
    return matched;
  }
}
