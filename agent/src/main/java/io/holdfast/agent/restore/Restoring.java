package io.holdfast.agent.restore;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.LinkGroup;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.sealing.ChunkOpener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * The walk of a restore: decides about each wanted entry, makes what has no content, and gathers
 * what files need. Windows are fetched one after another; while workers write one, the next is
 * gathered.
 *
 * <p>A directory is described after all that is in it is done, which is when the window in which
 * the walk left it, and all windows before, are done. One thread.
 */
final class Restoring {
  /** What is done about an entry. */
  private enum Decision {
    WRITE,
    REPLACE,
    LEAVE,
    /** It is there as it should be. */
    SAME
  }

  /** A directory of the path that the walk is on; without a node it is only entered. */
  private record Entered(EntryPath path, Optional<Node> toDescribe) {}

  private final TargetTree target;
  private final RestorePlan plan;
  private final RestoreLimits limits;
  private final WindowFetch fetch;
  private final ChunkOpener ids;
  private final FileDuty files;
  private final RestoreCounters counters;
  private final Findings findings;
  private final LinkGroups links;

  private final Deque<Entered> entered = new ArrayDeque<>();
  private Optional<Window> fetched = Optional.empty();
  private Window window;
  private EntryPath failedDirectory;
  private OpenFile file;

  Restoring(
      TargetTree target,
      RestorePlan plan,
      RestoreLimits limits,
      WindowFetch fetch,
      ChunkOpener ids,
      FileDuty files,
      RestoreCounters counters,
      Findings findings) {
    this.target = target;
    this.plan = plan;
    this.limits = limits;
    this.fetch = fetch;
    this.ids = ids;
    this.files = files;
    this.counters = counters;
    this.findings = findings;
    this.links = new LinkGroups(limits.linkGroups());
    this.window = new Window(limits, ids);
  }

  /** Restores all of {@code entries}; when it returns, everything is done. */
  void run(SelectedEntries entries) throws InterruptedException {
    boolean done = false;
    try {
      for (Optional<SelectedEntries.Step> step = entries.next();
          step.isPresent();
          step = entries.next()) {
        take(step.get());
        files.throwIfHopeless();
        if (window.isFull()) {
          turn();
        }
      }
      endFile();
      leaveDirectories(Optional.empty());
      turn();
      settle();
      files.throwIfHopeless();
      done = true;
    } finally {
      if (!done) {
        giveUp();
      }
    }
  }

  /** Lets every file that isn't complete be abandoned. */
  private void giveUp() {
    HoldfastException ended =
        new HoldfastException(ErrorCode.CANCELLED, "the restore was ended before this was done");
    WindowFetch.giveUp(window, ended);
    fetched.ifPresent(before -> WindowFetch.giveUp(before, ended));
    if (file != null) {
      file.restore.fail(ended);
      file.restore.release();
    }
  }

  private void turn() throws InterruptedException {
    settle();
    fetched = Optional.of(window);
    fetch.fetch(window);
    window = new Window(limits, ids);
  }

  /** Waits for the window fetched last, and describes the directories that are done with it. */
  private void settle() throws InterruptedException {
    if (fetched.isEmpty()) {
      return;
    }
    fetched.get().outstanding().await();
    for (Node directory : fetched.get().leftDirectories()) {
      describe(directory);
    }
    fetched = Optional.empty();
  }

  private void describe(Node directory) {
    try {
      target.describe(directory, findings::differs);
    } catch (HoldfastException e) {
      findings.differs(directory.path(), e.getMessage());
    }
  }

  private void take(SelectedEntries.Step step) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the restore was ended");
    }
    switch (step.entry()) {
      case Continuation continuation -> segment(continuation, step.leaf());
      case Node node -> node(node, step);
    }
  }

  private void segment(Continuation continuation, Reference leaf) {
    if (file != null && file.restore.path().equals(continuation.path())) {
      file.gap = file.gap.or(continuation::gap);
      add(continuation.segment(), leaf);
    }
  }

  private void node(Node node, SelectedEntries.Step step) {
    endFile();
    leaveDirectories(Optional.of(node.path()));
    window.entry();
    if (step.wanted()) {
      count(node);
    }
    try {
      requireDirectory(node.path());
      switch (node.form()) {
        case Form.Directory directory -> directory(node, step.wanted());
        case Form.RegularFile content -> file(node, content, step.leaf());
        case Form.SymbolicLink other -> other(node);
        case Form.CharacterDevice other -> other(node);
        case Form.BlockDevice other -> other(node);
        case Form.Fifo other -> other(node);
        case Form.Socket other -> other(node);
      }
    } catch (HoldfastException e) {
      failed(node, e);
    }
  }

  private void count(Node node) {
    counters.entry();
    if (node.form() instanceof Form.RegularFile regular) {
      counters.file(regular.sizeBytes());
    }
  }

  private void failed(Node node, HoldfastException cause) {
    files.noteHopeless(cause);
    findings.failed(node.path(), cause);
    if (node.isDirectory()) {
      failedDirectory = node.path();
    }
  }

  // Directories.

  private void leaveDirectories(Optional<EntryPath> next) {
    while (!entered.isEmpty()
        && !(next.isPresent() && next.get().isWithin(entered.peekLast().path()))) {
      entered.removeLast().toDescribe().ifPresent(window::left);
    }
    if (failedDirectory != null && !(next.isPresent() && next.get().isWithin(failedDirectory))) {
      failedDirectory = null;
    }
  }

  /** The walk is in the directory of {@code path}, unless a damaged page took that. */
  private void requireDirectory(EntryPath path) {
    if (failedDirectory != null) {
      throw new HoldfastException(
          ErrorCode.TARGET_UNWRITABLE, "its directory '" + failedDirectory + "' could not be made");
    }
    Optional<EntryPath> parent = path.parent();
    if (parent.isPresent()
        && (entered.isEmpty() || !entered.peekLast().path().equals(parent.get()))) {
      requireDirectory(parent.get());
      makeUndescribed(parent.get());
    }
  }

  private void makeUndescribed(EntryPath lost) {
    if (!plan.dryRun() && target.makeDirectory(lost)) {
      findings.differs(lost, "what the snapshot said of this directory is lost with a page");
    }
    entered.addLast(new Entered(lost, Optional.empty()));
  }

  private void directory(Node node, boolean wanted) {
    boolean made = plan.dryRun() ? target.find(node.path()).isEmpty() : make(node);
    boolean described = made || (wanted && plan.conflict() != Conflict.SKIP);
    boolean toDescribe = described && !plan.dryRun();
    entered.addLast(new Entered(node.path(), toDescribe ? Optional.of(node) : Optional.empty()));
    if (wanted) {
      reportGap(node);
    }
  }

  private boolean make(Node node) {
    return target.makeDirectory(node.path());
  }

  private void reportGap(Node node) {
    node.gap()
        .ifPresent(gap -> findings.failed(node.path(), ErrorCode.SOURCE_UNREADABLE, text(gap)));
  }

  private static String text(Gap gap) {
    return "incomplete in the snapshot: "
        + gap.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  // Everything but directories.

  private Decision decide(Node node) {
    Optional<? extends TargetTree.Existing> there = target.find(node.path());
    if (there.isEmpty()) {
      return Decision.WRITE;
    }
    return switch (plan.conflict()) {
      case SKIP -> Decision.LEAVE;
      case OVERWRITE_IF_DIFFERENT -> there.get().isLike(node) ? Decision.SAME : Decision.REPLACE;
      case ALWAYS -> Decision.REPLACE;
    };
  }

  private void other(Node node) {
    if (node.gap().isPresent()) {
      findings.failed(node.path(), ErrorCode.SOURCE_UNREADABLE, text(node.gap().get()));
      return;
    }
    if (isLinked(node)) {
      return;
    }
    Decision decision = decide(node);
    boolean makes = decision == Decision.WRITE || decision == Decision.REPLACE;
    if (makes && !plan.dryRun()) {
      target.make(node, decision == Decision.REPLACE, findings::differs);
    }
    if (decision != Decision.LEAVE) {
      remember(node, Optional.empty());
    }
  }

  private void file(Node node, Form.RegularFile content, Reference leaf) {
    if (isLinked(node)) {
      return;
    }
    Decision decision = decide(node);
    switch (decision) {
      case LEAVE -> counters.fileSkipped();
      case SAME -> {
        counters.fileSkipped();
        remember(node, Optional.empty());
      }
      case WRITE, REPLACE -> begin(node, content, decision == Decision.REPLACE, leaf);
    }
  }

  private void begin(Node node, Form.RegularFile content, boolean replace, Reference leaf) {
    if (plan.dryRun()) {
      counters.fileWritten();
      counters.written(content.sizeBytes());
      remember(node, Optional.empty());
      return;
    }
    file = new OpenFile(new FileRestore(node, files.duty(replace)), node.gap());
    remember(node, Optional.of(file.restore));
    add(content.first(), leaf);
  }

  private void add(Segment segment, Reference leaf) {
    if (segment.endBytes() > file.restore.sizeBytes() && file.gap.isEmpty()) {
      file.restore.fail(
          new HoldfastException(ErrorCode.PAGE_CORRUPT, "it has more content than its size"));
    }
    file.coveredBytes += segment.lengthBytes();
    window.add(file.restore, segment, leaf);
  }

  /** All of a file's segments have been seen. */
  private void endFile() {
    if (file == null) {
      return;
    }
    boolean whole = file.coveredBytes == file.restore.sizeBytes();
    if (!whole && !plan.partial()) {
      file.restore.fail(incomplete(file));
    } else if (!whole) {
      findings.differs(file.restore.path(), incomplete(file).getMessage());
    } else {
      file.gap.ifPresent(gap -> findings.differs(file.restore.path(), text(gap)));
    }
    FileRestore ended = file.restore;
    file = null;
    ended.release();
  }

  private static HoldfastException incomplete(OpenFile file) {
    return new HoldfastException(
        ErrorCode.SOURCE_UNREADABLE,
        file.gap.map(Restoring::text).orElse("incomplete in the snapshot: part of it is lost")
            + "; "
            + file.coveredBytes
            + " of "
            + file.restore.sizeBytes()
            + " bytes are there");
  }

  // Hard links.

  private void remember(Node node, Optional<FileRestore> restore) {
    node.linkGroup()
        .ifPresent(group -> links.put(group, new LinkGroups.First(node.path(), restore)));
  }

  /** Whether it is another name of something restored before; then that is what it becomes. */
  private boolean isLinked(Node node) {
    Optional<LinkGroup> group = node.linkGroup();
    Optional<LinkGroups.First> first = group.flatMap(links::find);
    if (first.isEmpty()) {
      return false;
    }
    FileRestore.Linking linking =
        first.get().file().map(restore -> restore.link(node)).orElse(FileRestore.Linking.NOW);
    switch (linking) {
      case LATER -> {}
      case NOW -> files.link(first.get().path(), node);
      case FAILED ->
          findings.failed(
              node.path(),
              ErrorCode.SOURCE_UNREADABLE,
              "'" + first.get().path() + "', whose other name this is, could not be restored");
    }
    return true;
  }

  /** The file whose segments are being seen. */
  private static final class OpenFile {
    private final FileRestore restore;
    private Optional<Gap> gap;
    private long coveredBytes;

    OpenFile(FileRestore restore, Optional<Gap> gap) {
      this.restore = restore;
      this.gap = gap;
    }
  }
}
