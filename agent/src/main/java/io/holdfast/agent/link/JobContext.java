package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.JobProgress;

/** What a job has of the world that ordered it. Any thread. */
public interface JobContext {
  /**
   * Tells how far the job is; never waits, and only the latest is sent. The job id is filled in.
   */
  void progress(JobProgress progress);

  /** Whether the job is to stop. Its thread is also interrupted once. */
  boolean isCancelled();
}
