package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.LogLevel;

/** What a job has of the world that ordered it. Any thread. */
public interface JobContext {
  /**
   * Tells how far the job is; never waits, and only the latest is sent. The job id is filled in.
   */
  void progress(JobProgress progress);

  /**
   * Says something to whoever reads the job's log at the coordinator; never waits. What is too long
   * or too much is cut, and that is said.
   */
  void log(LogLevel level, String text);

  /** Whether the job is to stop. Its thread is also interrupted once. */
  boolean isCancelled();
}
