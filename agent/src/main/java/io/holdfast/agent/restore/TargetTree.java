package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Node;
import java.util.Optional;

/**
 * Where a restore writes: one directory, out of which no path may lead, whatever links are put in
 * its way meanwhile. Any thread, but directories are made and described by one.
 *
 * <p>Errors are HoldfastExceptions and concern the one entry: TARGET_CONFLICT (something is there
 * that isn't replaced), TARGET_UNWRITABLE, PATH_UNSAFE; DISK_FULL concerns all.
 */
public interface TargetTree extends AutoCloseable {
  /** Something that is there, links not followed. */
  interface Existing {
    /**
     * Whether a restored {@code node} would look like this: type, size and time, target, device.
     */
    boolean isLike(Node node);

    boolean isDirectory();

    /** Whether both are names of one file. */
    boolean isSameFile(Existing other);

    long sizeBytes();
  }

  Optional<? extends Existing> find(EntryPath path);

  /**
   * Makes a directory whose own directory is there. Only its owner may enter it until it is
   * described.
   *
   * @return false if a directory is there already
   */
  boolean makeDirectory(EntryPath path);

  /** Sets what {@code directory} says of itself; after everything in it is done. */
  void describe(Node directory, Differences differences);

  /**
   * Begins a file in a directory that is there.
   *
   * @param replace whether {@link TargetFile#finish} may replace what has its name
   */
  TargetFile create(Node file, boolean replace);

  /** Makes anything but a file or directory, described. */
  void make(Node node, boolean replace, Differences differences);

  /** Gives the restored {@code existing} another name. */
  void link(EntryPath existing, EntryPath path, boolean replace);

  /** A file that was restored, to be compared: each write is a comparison, none changes it. */
  TargetFile readBack(Node file);

  @Override
  void close();
}
