package io.holdfast.agent.backup;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.page.PageSource;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.BaseSnapshot;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * What a backup stands on.
 *
 * @param readers runs reads of small files, as many at once as it has threads
 * @param threads makes the pipeline's threads
 * @param sparse what earlier runs of this host found, and this one will
 * @param spills makes room for what a long stream would take of memory
 */
public record BackupPorts(
    UploadLinks links,
    BaseContents bases,
    Sources sources,
    ExecutorService readers,
    ThreadFactory threads,
    BackupLimits limits,
    SealOptions sealing,
    Time time,
    Randomness randomness,
    SparseChunks sparse,
    Supplier<Spill> spills) {
  /** Ports of a host whose runs know nothing of one another, and which has no streams. */
  public BackupPorts(
      UploadLinks links,
      BaseContents bases,
      Sources sources,
      ExecutorService readers,
      ThreadFactory threads,
      BackupLimits limits,
      SealOptions sealing,
      Time time,
      Randomness randomness) {
    this(
        links,
        bases,
        sources,
        readers,
        threads,
        limits,
        sealing,
        time,
        randomness,
        new SparseChunks(),
        () -> {
          throw new IllegalStateException("this host has no room for long streams");
        });
  }

  /** Opens the stream of a session. */
  @FunctionalInterface
  public interface UploadLinks {
    UploadLink open();
  }

  /** Opens the content of the snapshot that a run merges with. */
  @FunctionalInterface
  public interface BaseContents {
    BaseContent open(BaseSnapshot base) throws InterruptedException;
  }

  /** Starts the walk of a run; what it can't place in the list it adds to {@code gaps}. */
  @FunctionalInterface
  public interface Sources {
    SourceCursor open(BackupPlan plan, Gaps gaps) throws InterruptedException;
  }

  /** Pages and chunks of a base. One thread. */
  public interface BaseContent extends PageSource, AutoCloseable {
    /**
     * Plaintext of a chunk that {@code leaf} refers to; kinds NOT_FOUND and CORRUPT if it is gone.
     */
    byte[] chunk(Reference leaf, Reference chunk) throws InterruptedException;

    @Override
    void close();
  }
}
