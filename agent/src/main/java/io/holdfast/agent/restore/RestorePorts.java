package io.holdfast.agent.restore;

import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.seam.Time;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * What a restore stands on.
 *
 * @param threads makes the workers
 * @param scratch an existing directory for what doesn't fit memory
 * @param openers makes what opens a snapshot's chunks by its keys, one for each thread
 */
public record RestorePorts(
    ThreadFactory threads,
    RestoreLimits limits,
    Path scratch,
    Time time,
    Function<List<ChunkKeys>, ChunkOpener> openers) {

  public RestorePorts(ThreadFactory threads, RestoreLimits limits, Path scratch, Time time) {
    this(threads, limits, scratch, time, ChunkOpener::new);
  }
}
