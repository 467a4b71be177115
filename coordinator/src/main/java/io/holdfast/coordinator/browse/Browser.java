package io.holdfast.coordinator.browse;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Node;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.match.PathPattern;
import io.holdfast.common.page.DiffVisitor;
import io.holdfast.common.page.Difference;
import io.holdfast.common.page.EntryCursor;
import io.holdfast.common.page.PageDiff;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.proof.OpenedSnapshot;
import io.holdfast.coordinator.proof.SnapshotOpener;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks into snapshots, reading the pages that lead to what is shown. Errors: those of {@link
 * SnapshotOpener#open} and of reading a page; what was sent until then is right. Any thread; each
 * call reads in its own.
 */
public final class Browser {
  /** Takes what differs between two snapshots, path after path. */
  public interface DiffSink {
    /**
     * Takes one path: in both, or in one.
     *
     * @param differences empty unless it is in both
     */
    void send(Optional<Node> before, Optional<Node> after, Set<Difference> differences)
        throws InterruptedException;
  }

  private final SnapshotOpener opener;

  public Browser(SnapshotOpener opener) {
    this.opener = opener;
  }

  /**
   * Sends what is in a directory, or with {@code recursive} everything below it; of anything else
   * the node itself. PATH_NOT_FOUND.
   *
   * @param path empty for the top
   * @param limit most nodes; 0 for all
   */
  public void list(
      StoredSnapshot snapshot,
      Optional<EntryPath> path,
      boolean recursive,
      int limit,
      Sink<Node> sink)
      throws InterruptedException {
    try (OpenedSnapshot opened = opener.open(snapshot)) {
      send(cursor(opened.tree(), snapshot, path, recursive), limit, sink);
    }
  }

  private static EntryCursor cursor(
      PageTreeReader tree, StoredSnapshot snapshot, Optional<EntryPath> path, boolean recursive) {
    if (path.isEmpty()) {
      return recursive ? tree.entries() : tree.topLevel();
    }
    Node node = tree.find(path.get()).orElseThrow(() -> notFound(snapshot, path.get()));
    return recursive || !node.isDirectory() ? tree.subtree(path.get()) : tree.children(path.get());
  }

  private static HoldfastException notFound(StoredSnapshot snapshot, EntryPath path) {
    return new HoldfastException(
        ErrorCode.PATH_NOT_FOUND,
        "snapshot "
            + snapshot.id().value().abbreviate(12)
            + " holds no '"
            + path
            + "'; list its directory to see what it holds");
  }

  private static void send(EntryCursor entries, int limit, Sink<Node> sink)
      throws InterruptedException {
    int sent = 0;
    while ((limit == 0 || sent < limit) && entries.next()) {
      if (entries.entry() instanceof Node node) {
        sink.send(node);
        sent++;
      }
    }
  }

  /**
   * Sends the nodes whose paths match, at most {@code limit} unless it is 0.
   *
   * @return how many were sent
   */
  public int find(StoredSnapshot snapshot, PathPattern pattern, int limit, Sink<Node> sink)
      throws InterruptedException {
    int sent = 0;
    try (OpenedSnapshot opened = opener.open(snapshot)) {
      PageTreeReader tree = opened.tree();
      EntryCursor entries = pattern.top().map(tree::subtree).orElseGet(tree::entries);
      while ((limit == 0 || sent < limit) && entries.next()) {
        if (entries.entry() instanceof Node node && pattern.matches(node.path())) {
          sink.send(node);
          sent++;
        }
      }
    }
    return sent;
  }

  /**
   * How much of a snapshot a restore of {@code paths}, or of all if there are none, takes; of that
   * what one of {@code patterns} matches, unless there are none.
   */
  public Selected select(StoredSnapshot snapshot, List<EntryPath> paths, List<PathPattern> patterns)
      throws InterruptedException {
    try (OpenedSnapshot opened = opener.open(snapshot)) {
      return new Selection(patterns).in(opened.tree(), paths);
    }
  }

  /** Sends how {@code later} differs from {@code earlier} at {@code path} and below it. */
  public void diff(
      StoredSnapshot earlier, StoredSnapshot later, Optional<EntryPath> path, DiffSink sink)
      throws InterruptedException {
    try (OpenedSnapshot before = opener.open(earlier);
        OpenedSnapshot after = opener.open(later)) {
      PageDiff.between(before.tree(), after.tree(), new Below(path, sink));
    } catch (HoldfastException e) {
      if (e.getCause() instanceof InterruptedException && Thread.interrupted()) {
        throw (InterruptedException) e.getCause();
      }
      throw e;
    }
  }

  /** Hands on what lies below a path; an interruption passes through as CANCELLED. */
  private static final class Below implements DiffVisitor {
    private final Optional<EntryPath> top;
    private final DiffSink sink;

    Below(Optional<EntryPath> top, DiffSink sink) {
      this.top = top;
      this.sink = sink;
    }

    @Override
    public void added(Node after) {
      send(Optional.empty(), Optional.of(after), Set.of());
    }

    @Override
    public void removed(Node before) {
      send(Optional.of(before), Optional.empty(), Set.of());
    }

    @Override
    public void changed(Node before, Node after, Set<Difference> differences) {
      send(Optional.of(before), Optional.of(after), differences);
    }

    private void send(Optional<Node> before, Optional<Node> after, Set<Difference> differences) {
      EntryPath path = before.or(() -> after).orElseThrow().path();
      if (top.isPresent() && !path.isWithin(top.get())) {
        return;
      }
      try {
        sink.send(before, after, differences);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HoldfastException(ErrorCode.CANCELLED, "the comparison was cancelled", e);
      }
    }
  }
}
