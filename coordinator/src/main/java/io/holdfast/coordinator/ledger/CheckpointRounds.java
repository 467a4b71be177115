package io.holdfast.coordinator.ledger;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CheckpointMark;
import io.holdfast.coordinator.journal.RecordLookup;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a checkpoint by itself once enough was journalled, or long enough ago, since the newest
 * one: while nobody moves data, or at twice that at latest. All of them are kept: which may go is
 * for the rules of deletion to say. None is written at a stop: a catalog that was closed or even
 * killed opens where it was flushed last, and a checkpoint is for one that is lost. One thread.
 */
public final class CheckpointRounds {
  /** Writes one checkpoint and answers the slot that it holds. */
  @FunctionalInterface
  public interface Write {
    long checkpoint() throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointRounds.class);
  private static final int LATEST = 2;
  private static final Duration AFTER_FAILURE = Duration.ofHours(1);

  private final LedgerCheckpoints checkpoints;
  private final RecordLookup records;
  private final Write write;
  private final BooleanSupplier idle;
  private final Time time;
  private final long everyRecords;
  private final Duration every;
  private long notBeforeNanos;

  /**
   * Nothing is written before the first round.
   *
   * @param idle whether nobody moves data just now
   */
  public CheckpointRounds(
      LedgerCheckpoints checkpoints,
      RecordLookup records,
      Write write,
      BooleanSupplier idle,
      Time time,
      long everyRecords,
      Duration every) {
    this.checkpoints = checkpoints;
    this.records = records;
    this.write = write;
    this.idle = idle;
    this.time = time;
    this.everyRecords = everyRecords;
    this.every = every;
    this.notBeforeNanos = time.nanos();
  }

  /** Writes a checkpoint if one is due. After a failure, which is thrown, it waits for an hour. */
  public void round() throws InterruptedException {
    LedgerCheckpoints.Since since = checkpoints.since();
    boolean due = isDue(since, 1) && (idle.getAsBoolean() || isDue(since, LATEST));
    if (!due || time.nanos() - notBeforeNanos < 0) {
      return;
    }
    long begin = time.nanos();
    try {
      long seq = write.checkpoint();
      LOG.info(
          "checkpoint of the catalog at record {}, written and verified in {} ms",
          seq,
          Duration.ofNanos(time.nanos() - begin).toMillis());
    } catch (HoldfastException e) {
      notBeforeNanos = time.nanos() + AFTER_FAILURE.toNanos();
      throw e;
    }
  }

  private boolean isDue(LedgerCheckpoints.Since since, int times) {
    return since.records() >= times * everyRecords
        || (since.records() > 0 && age(since).compareTo(every.multipliedBy(times)) >= 0);
  }

  /** Of the newest checkpoint, or of the journal while there is none. */
  private Duration age(LedgerCheckpoints.Since since) {
    long named = since.newest().map(CheckpointMark::recordedSeq).orElse(1L);
    long then = records.get(named).body().getTimeMillis();
    return Duration.ofMillis(time.now().toEpochMilli() - then);
  }
}
