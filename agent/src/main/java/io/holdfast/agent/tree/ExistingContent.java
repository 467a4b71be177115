package io.holdfast.agent.tree;

import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;

/** Compares a file that stands in the target with what would be restored over it. */
@FunctionalInterface
public interface ExistingContent {
  /**
   * Whether the content is the same. Called with files of the right size only, from the thread that
   * writes the entry.
   *
   * @param existing open for reading; closed by the caller
   */
  boolean isSame(byte[] path, PosixFile existing) throws PosixException;
}
