package io.holdfast.agent.tree;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import java.util.Optional;

/** Decides whether a file has to be written, and opens the sink for it. Any thread. */
final class FileOpener {
  private static final int MODE_WHILE_WRITTEN = 0600;

  private final TreeWriter writer;
  private final TreeOptions options;
  private final TargetDirectories directories;

  FileOpener(TreeWriter writer, TreeOptions options, TargetDirectories directories) {
    this.writer = writer;
    this.options = options;
    this.directories = directories;
  }

  /** As {@link TreeWriter#file}, of a path that is safe. */
  Optional<FileSink> open(
      SafePath path, long sizeBytes, Allocation allocation, EntryMetadata fileMetadata)
      throws EntryFailure, PosixException {
    TargetDirectories.Held directory = directories.parentOf(path);
    boolean handedOn = false;
    try {
      FileStat existing = writer.placement().existing(directory.fd(), path);
      if (writer.placement().isKept(directory.fd(), path, existing, FileKind.FILE)) {
        writer.countSkipped();
        return Optional.empty();
      }
      if (isUnchanged(directory.fd(), path, existing, sizeBytes, fileMetadata)) {
        writer.countUnchanged();
        return Optional.empty();
      }
      FileSink sink = newSink(directory, path, sizeBytes, allocation, fileMetadata);
      handedOn = true;
      return Optional.of(sink);
    } finally {
      if (!handedOn) {
        directory.close();
      }
    }
  }

  /**
   * Whether the file that is there will do; brings its metadata up to date then. One that has other
   * names won't do: through one of them its metadata would change outside the target.
   */
  private boolean isUnchanged(
      int dirFd, SafePath path, FileStat existing, long sizeBytes, EntryMetadata wanted)
      throws PosixException {
    if (existing == null
        || existing.kind() != FileKind.FILE
        || options.conflicts() != ConflictMode.OVERWRITE_IF_DIFFERENT
        || existing.sizeBytes() != sizeBytes) {
      return false;
    }
    int fd = Posix.tryOpenForReading(dirFd, path.name(), 0);
    if (fd < 0) {
      return false;
    }
    try (PosixFile file = new PosixFile(fd)) {
      FileStat opened = file.stat();
      if (opened.linkCount() != 1 || !isSame(path, file, opened, sizeBytes, wanted)) {
        return false;
      }
      writer.metadata().describe(new Subject.Open(fd), path.bytes(), wanted);
      return true;
    }
  }

  private boolean isSame(
      SafePath path, PosixFile file, FileStat opened, long sizeBytes, EntryMetadata wanted)
      throws PosixException {
    if (opened.kind() != FileKind.FILE || opened.sizeBytes() != sizeBytes) {
      return false;
    }
    if (options.content().isPresent()) {
      return options.content().get().isSame(path.bytes(), file);
    }
    return opened.modifySeconds() == wanted.modifySeconds()
        && opened.modifyNanos() == wanted.modifyNanos();
  }

  private FileSink newSink(
      TargetDirectories.Held directory,
      SafePath path,
      long sizeBytes,
      Allocation allocation,
      EntryMetadata fileMetadata)
      throws EntryFailure, PosixException {
    int[] fd = new int[1];
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    byte[] temporary =
        writer
            .placement()
            .make(
                directory.fd(),
                path,
                name -> fd[0] = Posix.openAt(directory.fd(), name, flags, MODE_WHILE_WRITTEN));
    PosixFile file = new PosixFile(fd[0]);
    FileSink sink = new FileSink(writer, path, directory, temporary, file, sizeBytes, fileMetadata);
    writer.opened(sink);
    if (allocation == Allocation.DENSE && sizeBytes > 0) {
      reserve(sink, file, sizeBytes);
    }
    return sink;
  }

  /** Where the file system can't, the space is had with the writing. */
  private static void reserve(FileSink sink, PosixFile file, long sizeBytes) throws PosixException {
    boolean reserved = false;
    try {
      var _ = file.allocate(0, sizeBytes);
      reserved = true;
    } finally {
      if (!reserved) {
        sink.discard();
      }
    }
  }
}
