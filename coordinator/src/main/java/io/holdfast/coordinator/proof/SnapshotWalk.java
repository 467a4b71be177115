package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes from a root to everything it needs, opening what the scope wants opened. Holds one path of
 * index pages, a window of references that wait to be examined together, in the order of packs, and
 * the pages whose content is in that window. One thread, one snapshot.
 */
final class SnapshotWalk {
  /** References that wait to be examined: some 200 bytes each. */
  static final int WINDOW = 65_536;

  /** References that all open index pages may hold; honest snapshots need a few thousand. */
  private static final int HELD_LIMIT = 1 << 19;

  /** Levels of pages, the leaves included; see the page format. */
  private static final int DEPTH_LIMIT = 33;

  /** A page all of whose references were handed on when {@code failures} had been met. */
  private record Passed(ChunkRef page, long failures) {}

  private final EntryBatch batch;
  private final WholePages whole;
  private final List<WalkItem> window = new ArrayList<>();
  private final List<Passed> passed = new ArrayList<>();
  private long failures;
  private int held;

  SnapshotWalk(EntryBatch batch, WholePages whole) {
    this.batch = batch;
    this.whole = whole;
  }

  /**
   * Whether everything below {@code root} has a good location. LIMIT_EXCEEDED for a tree that no
   * writer makes; what a store answers that doesn't answer.
   */
  boolean run(WalkItem root) throws InterruptedException {
    if (!whole.contains(root.chunk())) {
      descend(root, 1);
      examineWindow();
    }
    return failures == 0;
  }

  private void descend(WalkItem page, int depth) throws InterruptedException {
    long failuresBefore = failures;
    List<WalkItem> references = new ArrayList<>();
    examine(List.of(page), (item, found) -> references.addAll(found));
    requireBounds(page, depth, references.size());
    List<WalkItem> indexes = new ArrayList<>();
    examine(
        references.stream().filter(item -> item.isPage() && !isWhole(item)).toList(),
        (item, found) -> {
          if (ChunkExam.leadsToPages(found)) {
            indexes.add(item);
          } else {
            pass(item, found);
          }
        });
    for (WalkItem index : indexes) {
      descend(index, depth + 1);
    }
    held -= references.size();
    addToWindow(references);
    passed.add(new Passed(page.chunk(), failuresBefore));
  }

  private boolean isWhole(WalkItem page) {
    return whole.contains(page.chunk());
  }

  /** A page of content: what it refers to is examined with the window. */
  private void pass(WalkItem page, List<WalkItem> references) throws InterruptedException {
    long failuresBefore = failures;
    addToWindow(references);
    passed.add(new Passed(page.chunk(), failuresBefore));
    if (passed.size() >= WINDOW) {
      examineWindow();
    }
  }

  private void addToWindow(List<WalkItem> references) throws InterruptedException {
    for (WalkItem item : references) {
      if (!item.isPage()) {
        window.add(item);
        if (window.size() >= WINDOW) {
          examineWindow();
        }
      }
    }
  }

  private void examineWindow() throws InterruptedException {
    List<WalkItem> items = List.copyOf(window);
    window.clear();
    examine(items, (item, found) -> {});
    for (Passed page : passed) {
      if (page.failures == failures) {
        whole.add(page.page);
      }
    }
    passed.clear();
  }

  private void examine(List<WalkItem> items, EntryBatch.PageVisitor visitor)
      throws InterruptedException {
    failures += batch.examine(items, visitor).size();
  }

  private void requireBounds(WalkItem page, int depth, int references) {
    held += references;
    if (depth >= DEPTH_LIMIT || held > HELD_LIMIT) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          page.chunk()
              + " lies below "
              + depth
              + " pages that hold "
              + held
              + " references; no agent writes such a tree: look at the host");
    }
  }
}
