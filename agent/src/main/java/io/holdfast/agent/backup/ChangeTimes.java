package io.holdfast.agent.backup;

import io.holdfast.common.entry.Metadata;
import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * Which ctime an entry may carry. A file whose ctime was younger than {@link #GRAIN} when its
 * reading began may change again within the clock's tick, and nothing would show it: it is recorded
 * without a ctime, and the next run reads it again. Any thread.
 */
record ChangeTimes(Time time) {
  static final Duration GRAIN = Duration.ofMillis(100);

  /** What is recorded of a file that was seen as {@code found} and is about to be read. */
  Metadata recorded(Metadata found) {
    return isSettled(found.ctimeSeconds(), found.ctimeNanos(), time.now())
        ? found
        : with(found, found.mtimeSeconds(), found.mtimeNanos(), 0, 0);
  }

  /** The same for a file seen once more as {@code stamp}, whose reading begins after that. */
  Metadata recorded(Metadata walked, SourceFile.Stamp stamp) {
    boolean settled = isSettled(stamp.ctimeSeconds(), stamp.ctimeNanos(), time.now());
    return with(
        walked,
        stamp.mtimeSeconds(),
        stamp.mtimeNanos(),
        settled ? stamp.ctimeSeconds() : 0,
        settled ? stamp.ctimeNanos() : 0);
  }

  private static boolean isSettled(long seconds, int nanos, Instant now) {
    return Instant.ofEpochSecond(seconds, nanos).isBefore(now.minus(GRAIN));
  }

  private static Metadata with(
      Metadata found, long mtimeSeconds, int mtimeNanos, long ctimeSeconds, int ctimeNanos) {
    return new Metadata(
        found.mode(),
        found.uid(),
        found.gid(),
        mtimeSeconds,
        mtimeNanos,
        ctimeSeconds,
        ctimeNanos,
        found.inode());
  }
}
