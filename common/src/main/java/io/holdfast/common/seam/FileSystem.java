package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a durable store asks of a file system, one system call a method: each method is a point
 * where a test can fail, delay or cut the power. Nothing here retries, buffers or hides an outcome.
 *
 * <p>Durability: the content of a file survives a power cut once {@link WritableFile#sync}
 * returned; a name (made, linked, replaced or deleted) once {@link #syncDirectory} of the directory
 * that holds it returned. A sync that fails is final: the kernel may have dropped what it could not
 * write, and a second sync that succeeds proves nothing about it.
 *
 * <p>Errors are {@link IOException}s: {@link java.nio.file.NoSuchFileException} and {@link
 * java.nio.file.FileAlreadyExistsException} mean just that, {@link DiskFullException} that space,
 * inodes or a quota are used up, anything else that the call failed and, over a network, perhaps
 * took effect all the same. Safe for use by many threads.
 */
public interface FileSystem {
  /**
   * Shows each name in {@code directory} to the visitor, in no order, until it answers false.
   * Streams: memory doesn't grow with the directory. Names made or deleted meanwhile may be shown
   * or not.
   */
  void list(Path directory, EntryVisitor visitor) throws IOException;

  /** Makes one directory; fails if the name is taken or the parent is missing. */
  void createDirectory(Path directory) throws IOException;

  /** Makes and opens a new file; fails if the name is taken. The caller closes it. */
  WritableFile createFile(Path file) throws IOException;

  /** Opens an existing file for reading. The caller closes it. */
  ReadableFile openFile(Path file) throws IOException;

  /**
   * Gives an existing file a second name, as link(2): atomic, fails if the name is taken. This is
   * the only way to claim a name; over a network the errno may lie, so look at {@link #linkCount}
   * of the existing name afterwards.
   */
  void link(Path existing, Path name) throws IOException;

  /** How many names the file has. */
  int linkCount(Path file) throws IOException;

  /** Whether two names, both there, are names of one and the same file. */
  boolean isSameFile(Path first, Path second) throws IOException;

  /** Renames, atomically displacing whatever bore the new name. Never a way to claim a name. */
  void replace(Path from, Path to) throws IOException;

  /** Removes one name: of a file, or of an empty directory. */
  void delete(Path path) throws IOException;

  /** Makes the names in {@code directory} as durable as they are now. */
  void syncDirectory(Path directory) throws IOException;

  /** Length of the file in bytes. */
  long size(Path file) throws IOException;

  /** Whether the name is there; an error is thrown, never reported as absence. */
  boolean exists(Path path) throws IOException;

  /** Bytes that this process may still write to the file system that holds {@code path}. */
  long usableBytes(Path path) throws IOException;

  /**
   * Takes the exclusive lock of a file, made if absent, or answers empty if another process, or
   * another holder in this one, has it. The lock ends when it is closed or its process dies; it
   * tells the living from the dead and never decides who may write.
   */
  Optional<HeldLock> tryLock(Path file) throws IOException;

  /** The machine's own file systems. */
  static FileSystem local() {
    return LocalFileSystem.INSTANCE;
  }
}
