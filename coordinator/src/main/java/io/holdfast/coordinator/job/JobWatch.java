package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.JobId;
import io.holdfast.proto.wire.v1.JobEvent;
import java.util.Optional;

/**
 * One look at one job. A slow watcher misses progress and never the result: what is held for it is
 * the latest, whatever the agent sends. One thread takes; any thread closes.
 */
public final class JobWatch implements AutoCloseable {
  private final Job job;
  private long seenVersion;
  private boolean ended;
  private volatile boolean closed;

  JobWatch(Job job) {
    this.job = job;
  }

  public JobId job() {
    return job.id();
  }

  /**
   * Waits for the next event. The last one carries the result; after it, and once closed, empty.
   */
  public Optional<JobEvent> next() throws InterruptedException {
    if (ended) {
      return Optional.empty();
    }
    Optional<Job.Seen> seen = job.await(seenVersion, this);
    seen.ifPresent(now -> {
      seenVersion = now.version();
      ended = now.result().isPresent();
    });
    return seen.map(this::event);
  }

  private JobEvent event(Job.Seen seen) {
    JobEvent.Builder event =
        JobEvent.newBuilder().setJob(ByteString.copyFrom(job.id().toByteArray()));
    seen.progress().ifPresent(event::setProgress);
    seen.result().ifPresent(event::setResult);
    return event.build();
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends a {@link #next} that waits; the job goes on. */
  @Override
  public void close() {
    closed = true;
    job.wake();
  }
}
