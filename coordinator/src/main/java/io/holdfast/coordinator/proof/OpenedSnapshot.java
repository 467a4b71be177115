package io.holdfast.coordinator.proof;

import io.holdfast.common.page.PageTreeReader;

/**
 * A snapshot whose pages can be read.
 *
 * @param chunks where its pages come from; closed with this
 */
public record OpenedSnapshot(PageTreeReader tree, OpenedChunks chunks) implements AutoCloseable {
  @Override
  public void close() {
    chunks.close();
  }
}
