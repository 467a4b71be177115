package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.LogLevel;
import io.holdfast.proto.wire.v1.Order;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** One order from its arrival to its result. Any thread cancels; one runs. */
final class OrderedJob implements JobContext {
  private final Order order;
  private final long arrivedNanos;
  private final AgentOutbox outbox;
  private final Time time;
  private boolean cancelled;
  private Thread runner;
  private OptionalLong rate = OptionalLong.empty();
  private LongConsumer onRate = ignored -> {};

  /** An order that arrives now. */
  OrderedJob(Order order, AgentOutbox outbox, Time time) {
    this.order = order;
    this.arrivedNanos = time.nanos();
    this.outbox = outbox;
    this.time = time;
  }

  Order order() {
    return order;
  }

  ByteString id() {
    return order.getJob();
  }

  /** How long the order may still wait; not positive once it has expired. */
  Duration validity(long nowNanos) {
    long waitedMillis = Duration.ofNanos(nowNanos - arrivedNanos).toMillis();
    return Duration.ofMillis(order.getValidMillis() - waitedMillis);
  }

  @Override
  public void progress(JobProgress progress) {
    outbox.progress(progress.toBuilder().setJob(id()).build());
  }

  @Override
  public void log(LogLevel level, String text) {
    outbox.log(id(), time.now().toEpochMilli(), level, text);
  }

  @Override
  public synchronized void onRate(LongConsumer limit) {
    onRate = limit;
    rate.ifPresent(limit);
  }

  /** Another limit, for what runs or will; 0 for none. */
  synchronized void rate(long bytesPerSecond) {
    rate = OptionalLong.of(bytesPerSecond);
    onRate.accept(bytesPerSecond);
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized void cancel() {
    cancelled = true;
    if (runner != null) {
      runner.interrupt();
    }
  }

  /** Runs it on this thread. */
  JobResult run(OrderHandler handler) {
    long begunNanos = time.nanos();
    JobResult result = begin() ? attempt(handler) : failed(cancelledBeforeStart());
    end();
    if (result.hasError()) {
      log(LogLevel.LOG_LEVEL_ERROR, result.getError().getMessage());
    }
    JobResult.Builder complete = result.toBuilder().setJob(id());
    if (result.getDurationMillis() == 0) {
      complete.setDurationMillis(Duration.ofNanos(time.nanos() - begunNanos).toMillis());
    }
    return complete.build();
  }

  private synchronized boolean begin() {
    runner = Thread.currentThread();
    return !cancelled;
  }

  private synchronized void end() {
    runner = null;
    // The interrupt was the job's: nothing else on this thread is to meet it.
    boolean _ = Thread.interrupted();
  }

  private JobResult attempt(OrderHandler handler) {
    try {
      return handler.run(order, this);
    } catch (InterruptedException e) {
      return failed(cancelledWhileRunning(order, e));
    } catch (Throwable e) {
      // Whatever it is, the job has ended, the coordinator is told, and the next one has its turn.
      return failed(isCancelled() ? cancelledWhileRunning(order, e) : RpcErrors.asHoldfast(e));
    }
  }

  private static HoldfastException cancelledBeforeStart() {
    return new HoldfastException(
        ErrorCode.JOB_CANCELLED, "the job was cancelled before it began; nothing was done");
  }

  private static HoldfastException cancelledWhileRunning(Order order, Throwable cause) {
    return new HoldfastException(
        ErrorCode.JOB_CANCELLED,
        "the job was cancelled while it ran; "
            + (order.hasRestore()
                ? "what it had written stays, and the same restore, ordered again, completes it"
                : "there is no snapshot of it"),
        cause);
  }

  static JobResult failed(HoldfastException why) {
    return JobResult.newBuilder()
        .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
        .setError(RpcErrors.detail(why))
        .build();
  }
}
