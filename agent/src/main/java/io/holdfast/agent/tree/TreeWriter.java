package io.holdfast.agent.tree;

import io.holdfast.agent.posix.DeviceNumber;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes the entries of a restore below a target directory and nowhere else.
 *
 * <ul>
 *   <li>I1 No call names anything but a single, checked component of a directory that was reached
 *       from the target without following a link.
 *   <li>I2 A final name always is what it was before or a whole, described entry.
 *   <li>I3 What an entry says and the target doesn't have is a {@link Difference}.
 * </ul>
 *
 * <p>Paths are those of a snapshot: relative, without leading slash. An entry that can't be made
 * doesn't throw; what makes every further entry impossible does: DISK_FULL, TARGET_UNWRITABLE, or
 * IO for the scratch directory. Directories that no entry names are made for the restoring user
 * alone. Existing directories get the metadata of their entry in every {@link ConflictMode}, so
 * that an interrupted restore can be run again to its end.
 *
 * <p>Any thread; see the package for what the caller has to order. {@link #close} without {@link
 * #finish} leaves whole entries, and directories without their metadata.
 */
public final class TreeWriter implements AutoCloseable {
  private static final int MODE_WHILE_WRITTEN = 0600;
  private static final int OWNER_BITS = 0700;

  private final TreeOptions options;
  private final int targetFd;
  private final TargetDirectories directories;
  private final Placement placement;
  private final Differences differences;
  private final MetadataWriter metadata;
  private final DirectoryLog log;
  private final FileOpener files;
  private final boolean isRoot = Posix.effectiveUserId() == 0;
  private final Set<FileSink> openSinks = ConcurrentHashMap.newKeySet();
  private final Map<FileKind, LongAdder> written = new EnumMap<>(FileKind.class);
  private final LongAdder hardLinks = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder unchanged = new LongAdder();

  private TreeWriter(TreeOptions options, int targetFd) {
    this.options = options;
    this.targetFd = targetFd;
    directories =
        new TargetDirectories(targetFd, options.replaceOtherKinds(), options.openDirectoriesMax());
    placement = new Placement(options, directories);
    differences = new Differences(options.differencesKeptMax());
    metadata = new MetadataWriter(options.privileges(), differences);
    log = new DirectoryLog(options.scratch(), DirectoryLog.MEMORY_BYTES);
    files = new FileOpener(this, options, directories);
    for (FileKind kind : FileKind.values()) {
      written.put(kind, new LongAdder());
    }
  }

  /**
   * Begins a tree.
   *
   * @param target absolute path of the target directory, made with its parents if missing. It is
   *     the operator's: links in this path are followed
   * @throws HoldfastException INVALID_ARGUMENT if it isn't absolute, TARGET_UNWRITABLE if it can't
   *     be opened or made
   */
  public static TreeWriter open(byte[] target, TreeOptions options) {
    return new TreeWriter(options, TreeTarget.open(target));
  }

  /** An entry's making, which may find that it can't be. */
  private interface Making {
    void make(SafePath path) throws EntryFailure, PosixException;
  }

  private void attempt(byte[] path, Making making) {
    try {
      making.make(SafePath.of(path));
    } catch (EntryFailure e) {
      differences.add(path, e.reason(), e.errno());
    } catch (PosixException e) {
      EntryFailure failure = EntryFailure.notWritten(e);
      differences.add(path, failure.reason(), failure.errno());
    }
  }

  /** Makes a directory, or takes the one that is there; its metadata is set by {@link #finish}. */
  public void directory(byte[] path, EntryMetadata directoryMetadata) {
    attempt(
        path,
        safe -> {
          makeDirectory(safe);
          append(safe, directoryMetadata);
          written.get(FileKind.DIRECTORY).increment();
        });
  }

  private void makeDirectory(SafePath path) throws EntryFailure, PosixException {
    directories.parentOf(path).close();
    try (TargetDirectories.Held made = directories.make(path)) {
      openToOwner(made.fd());
    } catch (EntryFailure e) {
      boolean otherKind = e.reason() == DifferenceReason.PARENT_NOT_A_DIRECTORY;
      throw otherKind ? new EntryFailure(DifferenceReason.OTHER_KIND_IN_THE_WAY, e.errno()) : e;
    }
  }

  /**
   * A plain user can't write into a read-only directory of his own; the entry's mode comes last.
   */
  private void openToOwner(int fd) throws PosixException {
    if (isRoot) {
      return;
    }
    FileStat made = Posix.stat(fd);
    int open = made.permissions() | OWNER_BITS;
    if (open != made.permissions() && made.uid() == Posix.effectiveUserId()) {
      Nodes.setMode(fd, open);
    }
  }

  private void append(SafePath path, EntryMetadata directoryMetadata) {
    try {
      log.append(path.bytes(), directoryMetadata);
    } catch (IOException e) {
      throw scratchFailed(e);
    }
  }

  private HoldfastException scratchFailed(IOException cause) {
    return new HoldfastException(
        ErrorCode.IO,
        "the log of restored directories failed in "
            + options.scratch()
            + ": "
            + cause.getMessage()
            + "; free space there or move the agent's scratch directory",
        cause);
  }

  /** What stands at {@code path}; empty also if that can't be reached without following a link. */
  public Optional<FileStat> find(byte[] path) {
    try {
      SafePath safe = SafePath.of(path);
      try (TargetDirectories.Held directory = directories.find(safe.parent())) {
        return Posix.findAt(directory.fd(), safe.name());
      }
    } catch (EntryFailure | PosixException e) {
      return Optional.empty(); // whoever writes there finds out why
    }
  }

  /**
   * Begins a file of exactly {@code sizeBytes}.
   *
   * @return where its content goes; empty if it isn't to be written: it exists and is kept (and has
   *     the entry's metadata if it is unchanged), or it can't be made
   */
  public Optional<FileSink> file(
      byte[] path, long sizeBytes, Allocation allocation, EntryMetadata fileMetadata) {
    Optional<FileSink>[] sink = newSlot();
    attempt(path, safe -> sink[0] = files.open(safe, sizeBytes, allocation, fileMetadata));
    return sink[0];
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array is the only mutable local a lambda sees
  private static Optional<FileSink>[] newSlot() {
    return new Optional[] {Optional.empty()};
  }

  /** Makes a symbolic link; its target is stored as it is and never looked at. */
  public void symlink(byte[] path, byte[] target, EntryMetadata linkMetadata) {
    attempt(
        path,
        safe ->
            makeNode(
                safe,
                FileKind.SYMLINK,
                linkMetadata,
                (dirFd, name) -> Nodes.makeSymlink(dirFd, name, target)));
  }

  /**
   * Makes a FIFO, or a device node where {@link Privileges#devices} allows it.
   *
   * @param device as {@link DeviceNumber}; ignored for a FIFO
   * @throws IllegalArgumentException for a kind that other methods make
   */
  public void special(byte[] path, FileKind kind, long device, EntryMetadata nodeMetadata) {
    attempt(
        path,
        safe -> {
          requireAllowed(kind);
          int mode = kind.modeBits() | MODE_WHILE_WRITTEN;
          makeNode(
              safe, kind, nodeMetadata, (dirFd, name) -> Nodes.makeNode(dirFd, name, mode, device));
        });
  }

  private void requireAllowed(FileKind kind) throws EntryFailure {
    boolean allowed =
        switch (kind) {
          case FIFO -> true;
          case CHAR_DEVICE, BLOCK_DEVICE -> options.privileges().devices();
          case SOCKET -> false;
          case FILE, DIRECTORY, SYMLINK ->
              throw new IllegalArgumentException(kind + " isn't a special file");
        };
    if (!allowed) {
      throw new EntryFailure(DifferenceReason.KIND_NOT_ALLOWED, 0);
    }
  }

  /** Makes a node in an open directory. */
  private interface NodeMaker {
    void make(int dirFd, byte[] name) throws PosixException;
  }

  private void makeNode(SafePath path, FileKind kind, EntryMetadata nodeMetadata, NodeMaker maker)
      throws EntryFailure, PosixException {
    try (TargetDirectories.Held directory = directories.parentOf(path)) {
      int dirFd = directory.fd();
      FileStat existing = placement.existing(dirFd, path);
      if (placement.isKept(dirFd, path, existing, kind)) {
        skipped.increment();
        return;
      }
      byte[] temporary = placement.make(dirFd, path, name -> maker.make(dirFd, name));
      try {
        metadata.describe(new Subject.Named(dirFd, temporary), path.bytes(), nodeMetadata);
        countPlaced(kind, placement.place(dirFd, temporary, path));
      } catch (PosixException e) {
        Placement.discard(dirFd, temporary);
        throw e;
      }
    }
  }

  /**
   * Gives the entry at {@code existingPath}, which the caller has finished, a further name. Both
   * are inside the target; a link is linked itself, not what it points at.
   */
  public void hardLink(byte[] path, byte[] existingPath) {
    attempt(
        path,
        safe -> {
          SafePath source = SafePath.of(existingPath);
          try (TargetDirectories.Held from = sourceDirectory(source);
              TargetDirectories.Held to = directories.parentOf(safe)) {
            link(from.fd(), source, to.fd(), safe);
          }
        });
  }

  private TargetDirectories.Held sourceDirectory(SafePath source) throws EntryFailure {
    try {
      return directories.find(source.parent());
    } catch (EntryFailure e) {
      throw new EntryFailure(DifferenceReason.LINK_SOURCE_MISSING, e.errno());
    }
  }

  private void link(int fromFd, SafePath source, int toFd, SafePath path) throws EntryFailure {
    FileStat linked = placement.existing(fromFd, source);
    if (linked == null || linked.kind() == FileKind.DIRECTORY) {
      throw new EntryFailure(DifferenceReason.LINK_SOURCE_MISSING, 0);
    }
    FileStat existing = placement.existing(toFd, path);
    if (existing != null && existing.isSameFileAs(linked)) {
      hardLinks.increment();
      return;
    }
    if (placement.isKept(toFd, path, existing, linked.kind())) {
      skipped.increment();
      return;
    }
    byte[] temporary =
        placement.make(toFd, path, name -> Nodes.link(fromFd, source.name(), toFd, name));
    boolean placed = placement.place(toFd, temporary, path);
    Placement.discard(toFd, temporary); // renaming one name of a file over another leaves both
    (placed ? hardLinks : skipped).increment();
  }

  /**
   * Sets the metadata of all directories, the deepest first, and makes everything durable if that
   * was asked for. After the last entry.
   *
   * @throws IllegalStateException if a file is still open
   * @throws HoldfastException IO if the scratch directory failed or the target can't be synced
   */
  public TreeReport finish() {
    if (!openSinks.isEmpty()) {
      throw new IllegalStateException(openSinks.size() + " files are still being written");
    }
    try {
      log.visitBackwards(this::describeDirectory);
    } catch (IOException e) {
      throw scratchFailed(e);
    }
    syncIfAsked();
    return report();
  }

  /** Whether what is written is made durable in the end. */
  boolean syncs() {
    return options.sync();
  }

  private void describeDirectory(byte[] path, EntryMetadata directoryMetadata) {
    try (TargetDirectories.Held directory = directories.find(path)) {
      metadata.describe(new Subject.Open(directory.fd()), path, directoryMetadata);
    } catch (EntryFailure e) {
      differences.add(path, e.reason(), e.errno());
    } catch (PosixException e) {
      differences.add(path, DifferenceReason.MODE_NOT_SET, e.number());
    }
  }

  private void syncIfAsked() {
    try {
      if (options.sync()) {
        Nodes.syncFileSystem(targetFd);
      }
    } catch (PosixException e) {
      EntryFailure.requireWritable(e);
      throw new HoldfastException(
          ErrorCode.IO,
          "what was restored could not be made durable ("
              + e.getMessage()
              + "): check the target's disk and restore again",
          e);
    }
  }

  private TreeReport report() {
    long specials =
        count(FileKind.FIFO) + count(FileKind.CHAR_DEVICE) + count(FileKind.BLOCK_DEVICE);
    TreeReport.Written byKind =
        new TreeReport.Written(
            count(FileKind.DIRECTORY),
            count(FileKind.FILE),
            count(FileKind.SYMLINK),
            hardLinks.sum(),
            specials);
    return new TreeReport(
        byKind, skipped.sum(), unchanged.sum(), differences.kept(), differences.counts());
  }

  private long count(FileKind kind) {
    return written.get(kind).sum();
  }

  MetadataWriter metadata() {
    return metadata;
  }

  Placement placement() {
    return placement;
  }

  void record(SafePath path, EntryFailure failure) {
    differences.add(path.bytes(), failure.reason(), failure.errno());
  }

  void countPlaced(FileKind kind, boolean placed) {
    (placed ? written.get(kind) : skipped).increment();
  }

  void countSkipped() {
    skipped.increment();
  }

  void countUnchanged() {
    unchanged.increment();
  }

  void opened(FileSink sink) {
    openSinks.add(sink);
  }

  void ended(FileSink sink) {
    openSinks.remove(sink);
  }

  /** Gives up files still open and closes all descriptors. */
  @Override
  public void close() {
    openSinks.forEach(FileSink::abandon);
    directories.close();
    Posix.close(targetFd);
    try {
      log.close();
    } catch (IOException e) {
      throw scratchFailed(e);
    }
  }
}
