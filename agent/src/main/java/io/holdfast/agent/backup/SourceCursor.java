package io.holdfast.agent.backup;

/** What a backup reads, in path order. One thread. */
public interface SourceCursor extends AutoCloseable {
  /**
   * The next item, or null at the end. Valid until the following call, except for files opened from
   * it. What can't be listed comes as an item with a gap; this never throws for a fault of the
   * host's tree.
   */
  SourceItem next() throws InterruptedException;

  /**
   * Whether all files handed out so far have to be read before {@link #next} is called again,
   * because what follows depends on that.
   */
  default boolean awaitsReading() {
    return false;
  }

  @Override
  void close();
}
