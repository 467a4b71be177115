package io.holdfast.agent.node;

import io.holdfast.common.seam.Time;
import java.time.Duration;

/** Tells how far a job is, every so often, on a thread of its own; once more when closed. */
final class JobReports implements AutoCloseable {
  private final Thread thread;
  private final Runnable report;

  private JobReports(Thread thread, Runnable report) {
    this.thread = thread;
    this.report = report;
  }

  static JobReports start(Time time, Duration every, Runnable report) {
    Thread thread =
        Thread.ofVirtual()
            .name("progress")
            .start(() -> {
              try {
                while (true) {
                  time.sleep(every);
                  report.run();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the job is over
              }
            });
    return new JobReports(thread, report);
  }

  @Override
  public void close() {
    thread.interrupt();
    report.run();
  }
}
