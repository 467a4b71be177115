package io.holdfast.agent.backup;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Segment;
import java.util.Optional;

/**
 * Merges the walk with the base, entry by entry in path order: what is unchanged goes on as the
 * base has it, everything else is read from the host. Holds one entry of each side and the small
 * files whose reading is under way. One thread.
 *
 * <p>A file is unchanged if type, size, mtime, ctime and inode are, and the base has it without a
 * gap and with everything it refers to. ctime moves with every change of metadata too, so an
 * unchanged node is reused as it is.
 */
final class Merge {
  private static final Form NO_CONTENT = new Form.RegularFile(0, Segment.EMPTY);

  private final BaseCursor base;
  private final MissingChunks missing;
  private final Rewrites rewrites;
  private final SmallFiles smallFiles;
  private final LargeFiles largeFiles;
  private final Streams streams;
  private final LinkTable links = new LinkTable();
  private final RunCounters counters;
  private final Gaps gaps;
  private final ChangeTimes times;
  private final boolean readEverything;

  Merge(
      BaseCursor base,
      MissingChunks missing,
      Rewrites rewrites,
      SmallFiles smallFiles,
      LargeFiles largeFiles,
      Streams streams,
      RunCounters counters,
      Gaps gaps,
      ChangeTimes times,
      boolean readEverything) {
    this.base = base;
    this.missing = missing;
    this.rewrites = rewrites;
    this.smallFiles = smallFiles;
    this.largeFiles = largeFiles;
    this.streams = streams;
    this.counters = counters;
    this.gaps = gaps;
    this.times = times;
    this.readEverything = readEverything;
  }

  /**
   * Takes all of {@code walk}; when it returns, every entry is in the queue. The open bundle stays
   * open.
   */
  void run(SourceCursor walk) throws InterruptedException {
    for (SourceItem item = walk.next(); item != null; item = walk.next()) {
      if (item instanceof StreamItem stream) {
        counters.entry(item.type(), store(stream));
      } else {
        merge(item);
        counters.entry(item.type(), item.sizeBytes());
      }
      if (walk.awaitsReading()) {
        smallFiles.finish();
      }
    }
    smallFiles.finish();
  }

  private long store(StreamItem item) throws InterruptedException {
    smallFiles.finish();
    return streams.store(described(item, NO_CONTENT), item.content());
  }

  private void merge(SourceItem item) throws InterruptedException {
    Optional<Node> old = base.at(item.path());
    boolean unchanged = old.isPresent() && item.gap().isEmpty() && isUnchanged(old.get(), item);
    if (unchanged && !isLeft(old.get())) {
      smallFiles.pass(new Upcoming.Ready(old.get()));
      if (old.get().form() instanceof Form.RegularFile file) {
        passSegments(item, file);
      }
    } else if (item.type() == EntryType.FILE) {
      file(item, old, unchanged);
    } else {
      smallFiles.pass(new Upcoming.Ready(otherNode(item)));
    }
  }

  /** A small file that is to leave its bundle. */
  private boolean isLeft(Node old) {
    return old.form() instanceof Form.RegularFile file
        && file.sizeBytes() < SmallFiles.SIZE_LIMIT
        && file.first().extents().count() == 1
        && !file.first().extents().isHole(0)
        && rewrites.leaves(file.first().extents().chunk(0), file.sizeBytes());
  }

  private boolean isUnchanged(Node old, SourceItem item) {
    Metadata was = old.metadata();
    Metadata is = item.metadata();
    return old.type() == item.type()
        && old.gap().isEmpty()
        && was.equals(is)
        && (!(old.form() instanceof Form.RegularFile file)
            || (!readEverything && file.sizeBytes() == item.sizeBytes() && !missing.hits(file)));
  }

  /** Passes on what follows the first segment, and reads what a lost page held of it. */
  private void passSegments(SourceItem item, Form.RegularFile file) throws InterruptedException {
    boolean mapped = file.first().blockMap().isPresent();
    long end = file.first().endBytes();
    for (Optional<Continuation> next = base.nextSegment(item.path());
        next.isPresent();
        next = base.nextSegment(item.path())) {
      fill(item, end, next.get().segmentOffset(), mapped);
      smallFiles.pass(new Upcoming.Ready(next.get()));
      end = next.get().segment().endBytes();
    }
    fill(item, end, file.sizeBytes(), mapped);
  }

  private void fill(SourceItem item, long from, long to, boolean mapped)
      throws InterruptedException {
    if (from == to) {
      return;
    }
    smallFiles.finish();
    try (SourceFile file = item.open()) {
      largeFiles.readRange(item.path(), from, to, file, mapped);
    } catch (SourceFailure e) {
      gaps.add(item.path(), e.gap(), e.getMessage());
      Segment nothing = new Segment(from, Extents.EMPTY, Optional.empty());
      smallFiles.pass(
          new Upcoming.Ready(new Continuation(item.path(), nothing, Optional.of(e.gap()))));
    }
  }

  /**
   * Reads a file.
   *
   * @param unchanged it is only to leave its bundle
   */
  private void file(SourceItem item, Optional<Node> old, boolean unchanged)
      throws InterruptedException {
    Node node = described(item, NO_CONTENT);
    OldFile past = unchanged ? OldFile.leavingItsBundle(old.get()) : OldFile.changed(reusable(old));
    Optional<LinkTable.Group> known = item.linkCount() > 1 ? links.find(item) : Optional.empty();
    Optional<LinkTable.Group> fresh =
        item.linkCount() > 1 && known.isEmpty() ? links.open(item) : Optional.empty();
    try {
      if (item.sizeBytes() >= SmallFiles.SIZE_LIMIT) {
        large(item, node, old, known, fresh);
      } else if (known.isPresent()) {
        smallFiles.link(node, item.sizeBytes(), item.open(), past, known.get());
      } else {
        smallFiles.read(node, item.sizeBytes(), item.open(), past, fresh);
      }
    } catch (SourceFailure e) {
      if (unchanged) {
        smallFiles.pass(new Upcoming.Ready(old.get()));
        return;
      }
      gaps.add(item.path(), e.gap(), e.getMessage());
      smallFiles.pass(
          new Upcoming.Ready(
              node.withForm(new Form.RegularFile(item.sizeBytes(), Segment.EMPTY))
                  .withGap(e.gap())));
    }
  }

  private void large(
      SourceItem item,
      Node node,
      Optional<Node> old,
      Optional<LinkTable.Group> known,
      Optional<LinkTable.Group> fresh)
      throws InterruptedException, SourceFailure {
    Optional<Upcoming> linked = known.flatMap(LinkTable.Group::content);
    if (linked.isPresent()) {
      smallFiles.pass(linked.get().at(item.path()));
      return;
    }
    SourceFile file = item.open();
    smallFiles.finish();
    Optional<Upcoming> whole = largeFiles.read(node, file, old, base, item.isChangedInPlace());
    Optional<LinkTable.Group> group = known.or(() -> fresh);
    if (whole.isPresent() && group.isPresent()) {
      group.get().fill(whole.get());
    }
  }

  /** What the base has of a file, if all of it is still there. */
  private Optional<Form.RegularFile> reusable(Optional<Node> old) {
    return old.isPresent()
            && old.get().form() instanceof Form.RegularFile file
            && !missing.hits(file)
        ? Optional.of(file)
        : Optional.empty();
  }

  private Node otherNode(SourceItem item) {
    item.gap().ifPresent(gap -> gaps.add(item.path(), gap, gap.reason().toString()));
    try {
      Node node = described(item, item.form());
      return item.gap().map(node::withGap).orElse(node);
    } catch (SourceFailure e) {
      gaps.add(item.path(), e.gap(), e.getMessage());
      return described(item, NO_CONTENT).withGap(e.gap());
    }
  }

  private Node described(SourceItem item, Form form) {
    Node node = Node.of(item.path(), times.recorded(item.metadata()), form);
    Node linked =
        item.linkCount() > 1 && item.type() != EntryType.DIRECTORY
            ? node.withLinkDevice(item.device())
            : node;
    try {
      return linked.withXattrs(item.xattrs());
    } catch (SourceFailure e) {
      gaps.add(item.path(), e.gap(), e.getMessage());
      return linked.withGap(e.gap());
    }
  }
}
