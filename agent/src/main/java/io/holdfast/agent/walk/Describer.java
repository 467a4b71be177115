package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.StatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns the names of one batch into rows: asks the kernel, then the filter, then the roots. */
final class Describer {
  /** Longest path a snapshot's entry can have. */
  static final int PATH_BYTES_MAX = 65_535;

  private final ScanContext context;
  private final DirectoryNode directory;
  private final int fd;
  private final StatBuffer stat;
  private final Columns columns;
  private final SourceRoots roots;
  private final boolean filters;
  private final byte[] path;
  private final int nameAt;

  private byte[] bytes;
  private int from;
  private int length;
  private SourceRoots named;
  private long excluded;
  private long sockets;
  private long borders;

  Describer(
      ScanContext context, DirectoryNode directory, int fd, StatBuffer stat, Columns columns) {
    this.context = context;
    this.directory = directory;
    this.fd = fd;
    this.stat = stat;
    this.columns = columns;
    roots = directory.roots;
    filters = directory.inside && !context.options.filter().isEmpty();
    nameAt = directory.childPathBytes(0);
    path = filters ? pathPrefix() : null;
  }

  private byte[] pathPrefix() {
    byte[] prefix = new byte[nameAt + Names.COMPONENT_BYTES_MAX];
    directory.writePath(prefix);
    if (nameAt > 0) {
      prefix[nameAt - 1] = '/';
    }
    return prefix;
  }

  Batch.LeftOut describe(SortedNames.Piece part) {
    NameTable table = part.names();
    bytes = table.bytes();
    for (int i = part.from(); i < part.to(); i++) {
      from = table.start(i);
      length = table.end(i) - from;
      named = roots == null ? null : roots.find(name());
      describe();
    }
    return new Batch.LeftOut(excluded, sockets, borders);
  }

  private byte[] name() {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** The path under which the entry is read, or null if that is its own. */
  private byte[] elsewhere() {
    return named == null ? null : named.readFrom();
  }

  private boolean isWanted() {
    return named != null && named.isWanted();
  }

  private void describe() {
    if (named != null && named.isExcluded()) {
      excluded++;
      return;
    }
    byte[] elsewhere = elsewhere();
    int result =
        elsewhere == null
            ? context.calls.stat(fd, bytes, from, length, stat)
            : context.calls.stat(Posix.NO_DIRECTORY, elsewhere, 0, elsewhere.length, stat);
    if (result < 0) {
      addFailure(-result);
    } else if (directory.childPathBytes(length) > PATH_BYTES_MAX) {
      addGap(GapReason.NAME_TOO_LONG, 0);
    } else {
      addUnlessFiltered();
    }
  }

  private void addFailure(int errno) {
    if (isWanted()) {
      addLostRoots(errno);
    } else {
      addGap(GapReason.ofEntry(errno), errno);
    }
  }

  private void addLostRoots(int errno) {
    List<byte[]> lost = new ArrayList<>();
    named.collectRoots(directory.childPath(name()), lost);
    for (byte[] root : lost) {
      columns.addGap(new WalkGap(root, GapReason.ofEntry(errno), errno));
    }
  }

  private void addGap(GapReason reason, int errno) {
    columns.addGap(new WalkGap(directory.childPath(name()), reason, errno));
  }

  private void addUnlessFiltered() {
    FileKind kind = stat.kind();
    boolean filtered = filters && isFiltered(kind);
    if (filtered && !isWanted()) {
      excluded++;
    } else if (kind == null) {
      addGap(GapReason.UNSUPPORTED_TYPE, 0);
    } else {
      add(kind, filtered);
    }
  }

  private boolean isFiltered(FileKind kind) {
    System.arraycopy(bytes, from, path, nameAt, length);
    return context.options.filter().excludes(path, nameAt + length, kind == FileKind.DIRECTORY);
  }

  private void add(FileKind kind, boolean filtered) {
    switch (kind) {
      case SOCKET -> sockets++;
      case SYMLINK -> addSymlink();
      case DIRECTORY -> addDirectory(filtered);
      case FILE, CHAR_DEVICE, BLOCK_DEVICE, FIFO -> columns.addEntry(bytes, from, length, stat, 0);
    }
    if (kind != FileKind.DIRECTORY && isWanted() && !named.isRoot()) {
      addLostRoots(Errno.ENOTDIR.number()); // roots are named without links in between
    }
  }

  private void addSymlink() {
    try {
      byte[] elsewhere = elsewhere();
      byte[] target =
          elsewhere == null
              ? context.calls.readLink(fd, name())
              : context.calls.readLink(Posix.NO_DIRECTORY, elsewhere);
      columns.addSymlink(bytes, from, length, stat, target);
    } catch (PosixException e) {
      addGap(GapReason.ofEntry(e.number()), e.number());
    }
  }

  private void addDirectory(boolean filtered) {
    boolean border = context.options.oneFileSystem() && stat.device() != directory.rootDevice;
    boolean belongs = directory.inside && !filtered && !border;
    if (directory.inside && border && !isWanted()) {
      borders++;
    }
    int belongsFlag = belongs ? Columns.BELONGS : 0;
    int descendFlag = belongs || isWanted() ? Columns.DESCEND : 0;
    columns.addEntry(bytes, from, length, stat, belongsFlag | descendFlag);
  }
}
