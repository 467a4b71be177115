package io.holdfast.common.seam;

import java.io.IOException;

/** Receives the entries of a directory one at a time. */
@FunctionalInterface
public interface EntryVisitor {
  /**
   * Takes the name (without its parent) of one entry and whether it is a directory; answers whether
   * to go on.
   */
  boolean visit(String name, boolean isDirectory) throws IOException;
}
