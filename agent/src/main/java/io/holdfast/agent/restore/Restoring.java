package io.holdfast.agent.restore;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.tree.Allocation;
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
 * what files need. Windows are fetched one after another; while one comes and workers write it, the
 * next is gathered. One thread.
 */
final class Restoring {
  /** The first window is small, so that something is fetched soon; each is twice the one before. */
  private static final int FIRST_SHARE = 16;

  /** What is done about an entry. */
  private enum Decision {
    WRITE,
    /** Something is there that stays. */
    LEAVE,
    /** Something else is there, and stays. */
    LEAVE_OTHER,
    /** It is there as it should be. */
    SAME
  }

  private final RestoreTarget target;
  private final RestorePlan plan;
  private final RestoreLimits limits;
  private final Fetching fetching;
  private final ChunkOpener ids;
  private final FileDuty files;
  private final RestoreCounters counters;
  private final Findings findings;
  private final LinkGroups links;

  private final Deque<EntryPath> entered = new ArrayDeque<>();
  private int share = FIRST_SHARE;
  private Window window;
  private OpenFile file;

  Restoring(
      RestoreTarget target,
      RestorePlan plan,
      RestoreLimits limits,
      Fetching fetching,
      ChunkOpener ids,
      FileDuty files,
      RestoreCounters counters,
      Findings findings) {
    this.target = target;
    this.plan = plan;
    this.limits = limits;
    this.fetching = fetching;
    this.ids = ids;
    this.files = files;
    this.counters = counters;
    this.findings = findings;
    this.links = new LinkGroups(limits.linkGroups());
    this.window = new Window(limits, ids, share);
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
      fetching.finish(window);
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
    HoldfastException ended = Fetching.ended();
    WindowFetch.giveUp(window, ended);
    fetching.close();
    if (file != null) {
      file.restore.fail(ended);
      file.restore.release();
    }
  }

  private void turn() throws InterruptedException {
    Window full = window;
    share = Math.max(1, share / 2);
    window = new Window(limits, ids, share);
    fetching.take(full);
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
    enter(node.path());
    window.entry();
    if (step.wanted()) {
      count(node);
    }
    switch (node.form()) {
      case Form.Directory directory -> directory(node, step.wanted());
      case Form.RegularFile content -> file(node, content, step.leaf());
      case Form.SymbolicLink other -> other(node);
      case Form.CharacterDevice other -> other(node);
      case Form.BlockDevice other -> other(node);
      case Form.Fifo other -> other(node);
      case Form.Socket other -> other(node);
    }
  }

  private void count(Node node) {
    counters.entry();
    if (node.form() instanceof Form.RegularFile regular) {
      counters.file(regular.sizeBytes());
    }
  }

  // Directories.

  /**
   * The walk is in the directory of {@code path}, or a damaged page took what was known of that.
   */
  private void enter(EntryPath path) {
    while (!entered.isEmpty() && !path.isWithin(entered.peekLast())) {
      entered.removeLast();
    }
    Optional<EntryPath> parent = path.parent();
    if (parent.isPresent() && !parent.get().equals(entered.peekLast())) {
      enter(parent.get());
      findings.differs(
          parent.get(), "what the snapshot said of this directory is lost with a page of it");
      entered.addLast(parent.get());
    }
  }

  /** One that is only on the way, and there, is nothing of this restore's. */
  private void directory(Node node, boolean wanted) {
    if (wanted || target.find(node.path()).isEmpty()) {
      target.directory(node);
    }
    entered.addLast(node.path());
    if (wanted) {
      reportGap(node);
    }
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
    Optional<FileStat> there = target.find(node.path());
    if (there.isEmpty()) {
      return Decision.WRITE;
    }
    return switch (plan.conflict()) {
      case SKIP_EXISTING ->
          target.isLike(there.get(), node) ? Decision.LEAVE : Decision.LEAVE_OTHER;
      case OVERWRITE_IF_DIFFERENT ->
          target.isLike(there.get(), node) ? Decision.SAME : Decision.WRITE;
      case ALWAYS -> Decision.WRITE;
    };
  }

  private void other(Node node) {
    if (node.form() instanceof Form.Socket) {
      return; // whoever listens makes it; an old one would only be in its way
    }
    if (node.gap().isPresent()) {
      reportGap(node);
    } else if (!isLinked(node)) {
      if (decide(node) != Decision.SAME) {
        target.make(node); // which leaves what is to be left, and reports what is in the way
      }
      remember(node, Optional.empty());
    }
  }

  private void file(Node node, Form.RegularFile content, Reference leaf) {
    if (isLinked(node)) {
      counters.passedOver(content.sizeBytes());
      return;
    }
    switch (decide(node)) {
      case LEAVE -> leave(node, content);
      case LEAVE_OTHER -> {
        leave(node, content);
        counters.fileDiffers();
      }
      case SAME -> {
        leave(node, content);
        remember(node, Optional.empty());
      }
      case WRITE -> begin(node, content, leaf);
    }
  }

  /** The writer brings its metadata up to date, or finds that it isn't even a file. */
  private void leave(Node node, Form.RegularFile content) {
    counters.fileSkipped();
    counters.passedOver(content.sizeBytes());
    if (node.linkGroup().isEmpty()) {
      target.file(node, content.sizeBytes(), Allocation.SPARSE).ifPresent(WrittenFile::abandon);
    }
  }

  private void begin(Node node, Form.RegularFile content, Reference leaf) {
    if (target.isDry()) {
      counters.fileWritten();
      counters.written(content.sizeBytes());
      remember(node, Optional.empty());
      return;
    }
    FileRestore restore = new FileRestore(node, files.duty(RestoreTarget.allocation(content)));
    file = new OpenFile(restore, node.gap());
    remember(node, Optional.of(restore));
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
