package io.holdfast.agent.walk;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;

/**
 * The walk as a stream of events: entries in path order (component by component, unsigned bytes, a
 * directory before what is in it), each gap where it belongs; a gap about the content of a
 * directory comes right after its entry. Directories on the way to a root are entries too, without
 * their other content.
 *
 * <p>One consumer thread. Nothing is shared between walks. Closing may be done at any point, waits
 * for running scans, and makes entries and locators useless.
 */
public final class WalkCursor implements AutoCloseable {
  private final ScanContext context;
  private final ScanAhead ahead;
  private final WalkEntry entry;
  private Frame frame;
  private boolean descendNext;
  private boolean atEnd;

  private long entries;
  private long gaps;
  private long excluded;
  private long cacheDirectories;
  private long sockets;
  private long fileSystems;

  private WalkCursor(ScanContext context, ScanAhead ahead) {
    this.context = context;
    this.ahead = ahead;
    entry = new WalkEntry(context.directories);
  }

  /**
   * Begins a walk.
   *
   * @param executor runs the scans ahead, at most {@link WalkLimits#statAhead} at once; platform
   *     threads serve best. One that rejects or never runs anything only makes the walk slower
   * @throws HoldfastException INVALID_ARGUMENT for a root that isn't a plain absolute path,
   *     SOURCE_UNREADABLE if {@code /} itself can't be opened
   */
  public static WalkCursor open(WalkOptions options, Executor executor) {
    return open(options, executor, DirectoryCalls.KERNEL);
  }

  static WalkCursor open(WalkOptions options, Executor executor, DirectoryCalls calls) {
    SourceRoots roots =
        SourceRoots.of(options.roots(), options.alwaysExcluded(), options.elsewhere());
    FileStat top = describeTop(roots.readFrom() == null ? Names.of("/") : roots.readFrom());
    ScanContext context = new ScanContext(options, calls);
    ScanAhead ahead = new ScanAhead(context, executor);
    WalkCursor cursor = new WalkCursor(context, ahead);
    Listing listing = new Listing(context, DirectoryNode.top(top.device(), top.inode(), roots));
    ahead.start(listing);
    cursor.enter(listing);
    return cursor;
  }

  private static FileStat describeTop(byte[] path) {
    try {
      return Posix.statAt(Posix.NO_DIRECTORY, path);
    } catch (PosixException e) {
      throw new HoldfastException(
          ErrorCode.SOURCE_UNREADABLE, "can't walk this host: " + e.getMessage(), e);
    }
  }

  /**
   * The next event, null at the end.
   *
   * @throws HoldfastException DISK_FULL or IO if the scratch directory failed; CANCELLED if this
   *     thread was interrupted. The walk can't be continued then
   */
  public WalkEvent next() {
    try {
      return step();
    } catch (UncheckedIOException e) {
      throw scratchFailed(e.getCause());
    }
  }

  private HoldfastException scratchFailed(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    boolean full = message.contains("No space left") || message.contains("quota");
    return new HoldfastException(
        full ? ErrorCode.DISK_FULL : ErrorCode.IO,
        "sorting a large directory failed in "
            + context.options.scratch()
            + ": "
            + message
            + "; free space there or move the agent's scratch directory",
        cause);
  }

  private WalkEvent step() {
    if (descendNext) {
      descendNext = false;
      WalkGap gap = enter((Listing) ahead.take(frame.batch));
      if (gap != null) {
        return counted(gap);
      }
    }
    while (frame != null) {
      if (frame.hasRow()) {
        return nextRow();
      }
      if (!frame.nextBatch()) {
        leave();
      }
    }
    atEnd = true;
    return null;
  }

  private WalkEvent nextRow() {
    Columns columns = frame.batch.columns();
    int row = frame.row++;
    WalkGap gap = columns.gap(row);
    if (gap != null) {
      return counted(gap);
    }
    entries++;
    descendNext = columns.isDescended(row);
    entry.moveTo(frame.listing.directory, columns, row);
    return entry;
  }

  private WalkGap counted(WalkGap gap) {
    gaps++;
    return gap;
  }

  /** Goes into a directory; answers what kept it from being listed in full. */
  private WalkGap enter(Listing listing) {
    cacheDirectories += listing.isReducedToTag() ? 1 : 0;
    fileSystems += listing.isKeptEmpty() ? 1 : 0;
    frame = new Frame(listing, frame);
    return listing.gap();
  }

  private void leave() {
    frame.leaveBatch();
    ahead.giveBack(frame.listing);
    frame.listing.discard();
    context.directories.retire(frame.listing.directory);
    frame = frame.parent;
  }

  /** What was met so far; complete at the end. */
  public WalkCounts counts() {
    return new WalkCounts(entries, gaps, excluded, cacheDirectories, sockets, fileSystems);
  }

  /** Whether the last {@link #next} answered null. */
  public boolean isAtEnd() {
    return atEnd;
  }

  long heldEntriesPeak() {
    return ahead.heldEntriesPeak();
  }

  @Override
  public void close() {
    ahead.close();
    frame = null;
    context.close();
  }

  /** A directory the cursor is in. */
  private final class Frame {
    private final Listing listing;
    private final Frame parent;
    private Batch batch;
    private int row;

    Frame(Listing listing, Frame parent) {
      this.listing = listing;
      this.parent = parent;
    }

    boolean hasRow() {
      return batch != null && row < batch.columns().rows();
    }

    boolean nextBatch() {
      leaveBatch();
      batch = (Batch) ahead.take(listing);
      row = 0;
      if (batch == null) {
        return false;
      }
      Batch.LeftOut leftOut = batch.leftOut();
      excluded += leftOut.excluded();
      sockets += leftOut.sockets();
      fileSystems += leftOut.borders();
      return true;
    }

    void leaveBatch() {
      if (batch != null) {
        ahead.giveBack(batch);
        batch = null;
      }
    }
  }
}
