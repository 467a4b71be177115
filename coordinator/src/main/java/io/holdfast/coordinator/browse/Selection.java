package io.holdfast.coordinator.browse;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.match.PathPattern;
import io.holdfast.common.page.EntryCursor;
import io.holdfast.common.page.PageTreeReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Paths and patterns as a restore takes them: what lies at or below one of the paths, and of that
 * what a pattern matches, a directory with all that is in it. One thread; adds up once.
 */
final class Selection {
  private final List<PathPattern> patterns;
  private final List<EntryPath> missing = new ArrayList<>();
  private EntryPath wholeBelow;
  private long files;
  private long directories;
  private long bytes;

  Selection(List<PathPattern> patterns) {
    this.patterns = patterns;
  }

  /** Reads every page of {@code paths}, or of all if there are none. */
  Selected in(PageTreeReader tree, List<EntryPath> paths) throws InterruptedException {
    if (paths.isEmpty()) {
      add(tree.entries());
    }
    EntryPath last = null;
    for (EntryPath path : new TreeSet<>(paths)) {
      if (last != null && path.isWithin(last)) {
        continue;
      }
      last = path;
      if (tree.find(path).isPresent()) {
        add(tree.subtree(path));
      } else {
        missing.add(path);
      }
    }
    return new Selected(files, directories, bytes, missing);
  }

  private void add(EntryCursor entries) throws InterruptedException {
    while (entries.next()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the caller has left");
      }
      if (entries.entry() instanceof Node node && isWanted(node)) {
        count(node);
      }
    }
  }

  private boolean isWanted(Node node) {
    if (patterns.isEmpty() || (wholeBelow != null && node.path().isWithin(wholeBelow))) {
      return true;
    }
    boolean matches = patterns.stream().anyMatch(pattern -> pattern.matches(node.path()));
    if (matches && node.isDirectory()) {
      wholeBelow = node.path();
    }
    return matches;
  }

  private void count(Node node) {
    if (node.isDirectory()) {
      directories++;
    } else {
      files++;
    }
    if (node.form() instanceof Form.RegularFile regular) {
      bytes += regular.sizeBytes();
    }
  }
}
