package io.holdfast.agent.walk;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import java.util.Arrays;

/**
 * The entry a cursor stands on. One object for the whole walk: everything it says is valid until
 * the cursor's next step, so copy what should last ({@link #path}, {@link #stat}, {@link
 * #locator}).
 */
public final class WalkEntry implements WalkEvent {
  private final OpenDirectories directories;
  private byte[] path = new byte[256];
  private int pathLength;
  private int nameLength;
  private DirectoryNode directory;
  private Columns columns;
  private int row;

  WalkEntry(OpenDirectories directories) {
    this.directories = directories;
  }

  /** Stands on a row of a directory whose own path is in the buffer. */
  void moveTo(DirectoryNode newDirectory, Columns newColumns, int newRow) {
    directory = newDirectory;
    columns = newColumns;
    row = newRow;
    NameTable names = columns.names();
    int from = names.start(row);
    nameLength = names.end(row) - from;
    pathLength = directory.childPathBytes(nameLength);
    reserve(pathLength);
    int at = pathLength - nameLength;
    if (at > 0) {
      path[at - 1] = '/';
    }
    System.arraycopy(names.bytes(), from, path, at, nameLength);
  }

  private void reserve(int length) {
    if (length > path.length) {
      path = Arrays.copyOf(path, Math.max(length, 2 * path.length));
    }
  }

  /** The path without leading slash, in the first {@link #pathLength} bytes of a shared buffer. */
  public byte[] pathBuffer() {
    return path;
  }

  public int pathLength() {
    return pathLength;
  }

  /** A copy of the path without leading slash. */
  public byte[] path() {
    return Arrays.copyOf(path, pathLength);
  }

  /** A copy of the last component. */
  public byte[] name() {
    return Arrays.copyOfRange(path, pathLength - nameLength, pathLength);
  }

  public FileKind kind() {
    return FileKind.find(columns.mode(row));
  }

  /** Type and permission bits. */
  public int mode() {
    return columns.mode(row);
  }

  public int uid() {
    return columns.uid(row);
  }

  public int gid() {
    return columns.gid(row);
  }

  public int linkCount() {
    return columns.linkCount(row);
  }

  public long sizeBytes() {
    return columns.sizeBytes(row);
  }

  /** Allocated space in units of 512 bytes. */
  public long blocks() {
    return columns.blocks(row);
  }

  public long device() {
    return columns.device(row);
  }

  public long inode() {
    return columns.inode(row);
  }

  public long representedDevice() {
    return columns.representedDevice(row);
  }

  public long modifySeconds() {
    return columns.modifySeconds(row);
  }

  public int modifyNanos() {
    return columns.modifyNanos(row);
  }

  public long changeSeconds() {
    return columns.changeSeconds(row);
  }

  public int changeNanos() {
    return columns.changeNanos(row);
  }

  /** The target of a symbolic link; null for other kinds. Not to be changed. */
  public byte[] symlinkTarget() {
    return kind() == FileKind.SYMLINK ? columns.symlinkTarget(row) : null;
  }

  /** A copy of everything the kernel said. */
  public FileStat stat() {
    return columns.stat(row);
  }

  /** A way to open the entry or read its attributes, now or later. */
  public FileLocator locator() {
    return new FileLocator(directories, directory, name(), stat());
  }

  @Override
  public String toString() {
    return kind() + " " + Names.display(path());
  }
}
