package io.holdfast.agent.restore;

/**
 * A file being restored, not yet under its name. Writes may come from several threads, at any
 * positions that don't overlap; what isn't written is a hole. Errors are TARGET_UNWRITABLE,
 * DISK_FULL, TARGET_CONFLICT.
 */
public interface TargetFile {
  void write(long position, byte[] bytes, int offset, int length);

  /** Gives it its size, its metadata and its name; after the last write, once. */
  void finish(Differences differences);

  /**
   * Removes what was written; after the last write, instead of {@link #finish} or after it failed.
   */
  void abandon();
}
