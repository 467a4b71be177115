package io.holdfast.agent.restore;

/**
 * A file that chunks are written to, or held against. Several threads may write, at positions that
 * don't overlap; exactly one of the other two ends it, after the last write.
 */
interface TargetFile {
  void write(long position, byte[] bytes, int offset, int length);

  /** False if it isn't there now as it should be, and why is reported already. */
  boolean finish();

  void abandon();
}
