package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.JobLog;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.LogLevel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Lines of jobs' logs that wait to be sent, the oldest first. Beyond {@link #LINES_MAX} new ones
 * are dropped and counted, and the next that has room says how many. Guarded by the outbox.
 */
final class LogQueue {
  static final int LINES_MAX = 1_000;
  static final int TEXT_MAX = 4_096;
  private static final int MESSAGE_MAX = 100;

  private record Line(ByteString job, JobLogLine line) {}

  private final Deque<Line> waiting = new ArrayDeque<>();
  private long dropped;

  void add(ByteString job, long timeMillis, LogLevel level, String text) {
    if (waiting.size() >= LINES_MAX) {
      dropped++;
      return;
    }
    if (dropped > 0) {
      waiting.add(
          line(job, timeMillis, LogLevel.LOG_LEVEL_WARNING, dropped + " lines were left out here"));
      dropped = 0;
    }
    waiting.add(line(job, timeMillis, level, text));
  }

  private static Line line(ByteString job, long timeMillis, LogLevel level, String text) {
    String cut = text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 3) + "...";
    return new Line(
        job,
        JobLogLine.newBuilder().setTimeMillis(timeMillis).setLevel(level).setText(cut).build());
  }

  /** The first lines, as long as they are of one job. */
  Optional<AgentMessage> next() {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    ByteString job = waiting.getFirst().job();
    JobLog.Builder log = JobLog.newBuilder().setJob(job);
    while (!waiting.isEmpty()
        && waiting.getFirst().job().equals(job)
        && log.getLinesCount() < MESSAGE_MAX) {
      log.addLines(waiting.remove().line());
    }
    return Optional.of(AgentMessage.newBuilder().setLog(log).build());
  }
}
