package io.holdfast.agent.backup;

import java.io.Closeable;

/** Room for what would take too much memory: written to its end, then read. One thread. */
public interface Spill extends Closeable {
  /** DISK_FULL or IO if there is no room. */
  void append(byte[] bytes, int length);

  /** Fills {@code into} with what was appended from {@code position} on. */
  void read(long position, byte[] into, int length);

  /** Gives the room back. */
  @Override
  void close();
}
