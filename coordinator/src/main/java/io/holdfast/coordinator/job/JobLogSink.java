package io.holdfast.coordinator.job;

import io.holdfast.common.id.JobId;
import io.holdfast.proto.wire.v1.JobLogLine;
import java.util.List;

/** Takes what hosts say about their jobs. Any thread; never throws, and hardly waits. */
public interface JobLogSink {
  JobLogSink NONE =
      new JobLogSink() {
        @Override
        public void append(JobId job, List<JobLogLine> lines) {}

        @Override
        public void ended(JobId job) {}
      };

  void append(JobId job, List<JobLogLine> lines);

  /** Hardly anything more will come. */
  void ended(JobId job);
}
