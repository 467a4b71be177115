package io.holdfast.agent.restore;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.page.TreeCursor;
import io.holdfast.common.sealing.ChunkOpener;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Compares restored files with the snapshot: their chunks are fetched again, opened, and held
 * against what the disk gives back. One thread.
 */
final class ReadBack {
  private final PageTreeReader reader;
  private final RestoreTarget target;
  private final WindowFetch fetch;
  private final Supplier<Window> windows;
  private final RestoreCounters counters;
  private final Findings findings;
  private Window window;

  ReadBack(
      PageTreeReader reader,
      RestoreTarget target,
      WindowFetch fetch,
      RestoreLimits limits,
      ChunkOpener ids,
      RestoreCounters counters,
      Findings findings) {
    this.reader = reader;
    this.target = target;
    this.fetch = fetch;
    this.windows = () -> new Window(limits, ids);
    this.counters = counters;
    this.findings = findings;
  }

  /** Compares each of {@code paths}, which are in order. */
  void compare(List<EntryPath> paths) throws InterruptedException {
    window = windows.get();
    for (EntryPath path : paths) {
      compare(path);
      if (window.isFull()) {
        turn();
      }
    }
    turn();
  }

  private void turn() throws InterruptedException {
    try {
      fetch.fetch(window);
      fetch.settle(window);
    } finally {
      WindowFetch.giveUp(
          window, new HoldfastException(ErrorCode.CANCELLED, "the comparison was ended"));
    }
    window = windows.get();
  }

  private void compare(EntryPath path) throws InterruptedException {
    TreeCursor entries = reader.entriesFrom(path);
    if (!entries.next()
        || !(entries.entry() instanceof Node node)
        || !node.path().equals(path)
        || !(node.form() instanceof Form.RegularFile content)) {
      return;
    }
    FileRestore file = new FileRestore(node, new Comparison());
    try {
      window.add(file, content.first(), entries.leafPage());
      while (entries.next()
          && entries.entry() instanceof Continuation more
          && more.path().equals(path)) {
        window.add(file, more.segment(), entries.leafPage());
        if (window.isFull()) {
          turn();
        }
      }
    } catch (HoldfastException e) {
      file.fail(e);
    } finally {
      file.release();
    }
  }

  private final class Comparison implements FileRestore.Duty {
    @Override
    public Optional<? extends TargetFile> open(Node node) {
      return Optional.of(target.readBack(node, ((Form.RegularFile) node.form()).sizeBytes()));
    }

    @Override
    public void finished(FileRestore file, List<Node> links) {
      counters.fileSampled();
    }

    @Override
    public void refused(FileRestore file, List<Node> links) {}

    @Override
    public void failed(FileRestore file, HoldfastException cause, List<Node> links) {
      findings.failed(file.path(), cause);
    }
  }
}
