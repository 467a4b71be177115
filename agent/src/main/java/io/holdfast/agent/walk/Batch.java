package io.holdfast.agent.walk;

import java.io.IOException;

/**
 * Consecutive names of one directory, described by the kernel; leads to the listings of the
 * directories among them.
 */
final class Batch extends Scan {
  final DirectoryNode directory;

  private final ScanContext context;
  private final SortedNames source;
  private final int piece;

  private Columns columns = new Columns(0);
  private LeftOut leftOut = LeftOut.NOTHING;
  private int nextDirectory;

  Batch(ScanContext context, DirectoryNode directory, SortedNames source, int piece) {
    this.context = context;
    this.directory = directory;
    this.source = source;
    this.piece = piece;
  }

  @Override
  void run() throws IOException {
    int fd = context.directories.acquire(directory);
    if (fd < 0) {
      describeNothing(-fd);
      return;
    }
    try {
      describe(fd);
    } finally {
      context.directories.release(directory);
    }
  }

  /** The directory was lost between two batches: one gap stands for the rest of it. */
  private void describeNothing(int errno) {
    columns = new Columns(1);
    columns.addGap(new WalkGap(directory.path(), GapReason.ofListing(errno), errno));
    nextDirectory = columns.rows();
  }

  /** Describes all names of the piece relative to the open directory. */
  void describe(int fd) throws IOException {
    SortedNames.Piece part = source.piece(piece);
    columns = new Columns(part.to() - part.from());
    ScanContext.Buffers buffers = context.borrow();
    try {
      Describer describer = new Describer(context, directory, fd, buffers.stat, columns);
      leftOut = describer.describe(part);
    } finally {
      context.giveBack(buffers);
    }
    nextDirectory = columns.descendedFrom(0);
  }

  Columns columns() {
    return columns;
  }

  LeftOut leftOut() {
    return leftOut;
  }

  @Override
  boolean hasNext() {
    return nextDirectory < columns.rows();
  }

  @Override
  Scan spawn() {
    int row = nextDirectory;
    nextDirectory = columns.descendedFrom(row + 1);
    byte[] name = columns.names().name(row);
    return new Listing(
        context,
        directory.child(name, columns.device(row), columns.inode(row), columns.belongs(row)));
  }

  @Override
  int bufferedEntries() {
    return columns.rows();
  }

  @Override
  long bufferedBytes() {
    return columns.byteCount();
  }

  /**
   * What a batch didn't keep.
   *
   * @param excluded by a filter, or as the agent's own
   * @param borders mount points kept empty
   */
  record LeftOut(long excluded, long sockets, long borders) {
    static final LeftOut NOTHING = new LeftOut(0, 0, 0);
  }
}
