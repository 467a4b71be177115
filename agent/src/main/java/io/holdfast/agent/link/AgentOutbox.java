package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.LogLevel;
import io.holdfast.proto.wire.v1.MoveAnswer;
import io.holdfast.proto.wire.v1.OrderRefused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the coordinator is to be told, in order: answers to heartbeats, refusals, lines of logs,
 * results, and of each running job the latest progress. Nobody but the writer waits for the
 * network. Any thread.
 *
 * <ol>
 *   <li>I1: a result stays until the coordinator keeps it, and is sent once on every stream till
 *       then.
 *   <li>I2: everything is bounded: results by number, oldest dropped; progress by running jobs.
 * </ol>
 */
final class AgentOutbox {
  static final int RESULTS_MAX = 64;
  private static final int REFUSALS_MAX = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<AgentMessage> refusals = new ArrayDeque<>();
  private final Map<ByteString, JobResult> results = new LinkedHashMap<>();
  private final Set<ByteString> sentResults = new HashSet<>();
  private final Map<ByteString, JobProgress> progress = new LinkedHashMap<>();
  private final LogQueue logs = new LogQueue();
  private long stream;
  private int heartbeats;

  /**
   * A new stream begins: what the last one may have lost is sent again. Gives the stream's number.
   */
  long begin() {
    lock.lock();
    try {
      stream++;
      heartbeats = 0;
      refusals.clear();
      sentResults.clear();
      changed.signalAll();
      return stream;
    } finally {
      lock.unlock();
    }
  }

  /** The stream is over: its writer gets nothing more. */
  void end() {
    lock.lock();
    try {
      stream++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void heartbeat() {
    change(() -> heartbeats++);
  }

  void refused(OrderRefused refusal) {
    refused(AgentMessage.newBuilder().setRefused(refusal).build());
  }

  /** This host doesn't go to another repository. */
  void stays(MoveAnswer answer) {
    refused(AgentMessage.newBuilder().setMoveAnswer(answer).build());
  }

  private void refused(AgentMessage refusal) {
    change(() -> {
      refusals.add(refusal);
      if (refusals.size() > REFUSALS_MAX) {
        refusals.remove();
      }
    });
  }

  void progress(JobProgress latest) {
    change(() -> progress.put(latest.getJob(), latest));
  }

  void log(ByteString job, long timeMillis, LogLevel level, String text) {
    change(() -> logs.add(job, timeMillis, level, text));
  }

  void result(JobResult result) {
    change(() -> {
      progress.remove(result.getJob());
      results.put(result.getJob(), result);
      if (results.size() > RESULTS_MAX) {
        Iterator<JobResult> oldest = results.values().iterator();
        oldest.next();
        oldest.remove();
      }
    });
  }

  /** The coordinator keeps the result of {@code job}. */
  void kept(ByteString job) {
    change(() -> {
      results.remove(job);
      sentResults.remove(job);
    });
  }

  /** Jobs with a result that the coordinator may not have. */
  Set<ByteString> unkept() {
    lock.lock();
    try {
      return Set.copyOf(results.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Waits for what to send next on stream {@code number}; empty once that is over. */
  Optional<AgentMessage> take(long number) throws InterruptedException {
    lock.lock();
    try {
      while (stream == number) {
        Optional<AgentMessage> next = next();
        if (next.isPresent()) {
          return next;
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Optional<AgentMessage> next() {
    if (heartbeats > 0) {
      heartbeats--;
      return Optional.of(
          AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    }
    if (!refusals.isEmpty()) {
      return Optional.of(refusals.remove());
    }
    return logs.next().or(this::unsentResult).or(this::anyProgress);
  }

  private Optional<AgentMessage> unsentResult() {
    return results.values().stream()
        .filter(result -> sentResults.add(result.getJob()))
        .findFirst()
        .map(result -> AgentMessage.newBuilder().setResult(result).build());
  }

  private Optional<AgentMessage> anyProgress() {
    Iterator<JobProgress> first = progress.values().iterator();
    if (!first.hasNext()) {
      return Optional.empty();
    }
    AgentMessage message = AgentMessage.newBuilder().setProgress(first.next()).build();
    first.remove();
    return Optional.of(message);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
