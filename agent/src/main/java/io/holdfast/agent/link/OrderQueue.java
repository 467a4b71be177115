package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.MoveAnswer;
import io.holdfast.proto.wire.v1.MoveOrder;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.Order.OrderCase;
import io.holdfast.proto.wire.v1.OrderRefused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders that have arrived: one job of a kind runs, a few wait. Any thread.
 *
 * <ol>
 *   <li>I1: an order is checked when it arrives and again when its turn comes: it may have expired
 *       or been outranked while it waited.
 *   <li>I2: an order that arrives twice is one job.
 *   <li>I3: an order ends in a refusal or a result, one of them and once.
 *   <li>I4: a host goes to another repository while it does nothing else, and takes no order then.
 * </ol>
 */
final class OrderQueue {
  static final int WAITING_MAX = 4;

  private static final Logger LOG = LoggerFactory.getLogger(OrderQueue.class);

  /** Jobs of one kind. */
  private static final class Lane {
    final Deque<OrderedJob> waiting = new ArrayDeque<>();
    Optional<OrderedJob> running = Optional.empty();

    Stream<OrderedJob> jobs() {
      return Stream.concat(running.stream(), waiting.stream());
    }
  }

  private final OrderAuthority authority;
  private final OrderHandler handler;
  private final AgentOutbox outbox;
  private final Executor executor;
  private final Time time;
  private final Map<OrderCase, Lane> lanes = new EnumMap<>(OrderCase.class);
  private final MoveHandler mover;
  private boolean moving;

  OrderQueue(ControlPorts ports, AgentOutbox outbox) {
    this.authority = ports.authority();
    this.handler = ports.handler();
    this.mover = ports.mover();
    this.executor = ports.executor();
    this.time = ports.time();
    this.outbox = outbox;
    lanes.put(OrderCase.BACKUP, new Lane());
    lanes.put(OrderCase.RESTORE, new Lane());
  }

  /** Takes an order that has just come, or refuses it. */
  void accept(Order order) {
    OrderedJob job = new OrderedJob(order, outbox, time);
    if (find(order.getJob()).isPresent() || outbox.unkept().contains(order.getJob())) {
      return;
    }
    try {
      check(job);
      enqueue(job);
    } catch (HoldfastException e) {
      refuse(job, e);
    }
  }

  private void check(OrderedJob job) {
    Order order = job.order();
    if (job.validity(time.nanos()).toMillis() <= 0) {
      throw new HoldfastException(
          ErrorCode.ORDER_EXPIRED,
          "the order waited on this host for longer than its "
              + order.getValidMillis()
              + " ms; give it again");
    }
    boolean writesHere =
        switch (order.getOrderCase()) {
          case BACKUP -> false;
          case RESTORE -> !order.getRestore().getDryRun();
          case ORDER_NOT_SET ->
              throw new HoldfastException(
                  ErrorCode.UNKNOWN_VERSION,
                  "the order is of a kind that this release of the agent doesn't know; upgrade it");
        };
    authority.obey(order.getAuthority(), writesHere);
  }

  private void enqueue(OrderedJob job) {
    synchronized (this) {
      refuseWhileMoving(); // I4
      Lane lane = lanes.get(job.order().getOrderCase());
      if (lane.waiting.size() >= WAITING_MAX) {
        throw new HoldfastException(
            ErrorCode.BUSY,
            WAITING_MAX + " jobs of this kind wait on this host already; try again later");
      }
      lane.waiting.add(job);
      if (lane.running.isPresent()) {
        return;
      }
      lane.running = Optional.of(lane.waiting.remove());
    }
    executor.execute(() -> runFrom(job));
  }

  /** Goes to another repository, or says that it doesn't. */
  void move(MoveOrder order) {
    try {
      if (order.getValidMillis() <= 0) {
        throw new HoldfastException(
            ErrorCode.ORDER_EXPIRED, "the order to move came too late; give it again");
      }
      authority.obey(order.getAuthority(), true);
      beginMoving();
    } catch (HoldfastException e) {
      stay(order, e);
      return;
    }
    executor.execute(() -> go(order));
  }

  private synchronized void beginMoving() {
    refuseWhileMoving();
    if (!jobs().isEmpty()) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          jobs().size()
              + " jobs run or wait on this host; let them end, or stop them by: holdfast job"
              + " cancel");
    }
    moving = true;
  }

  private synchronized void refuseWhileMoving() {
    if (moving) {
      throw new HoldfastException(
          ErrorCode.BUSY, "this host is just moving to another repository; see: holdfast host ls");
    }
  }

  private synchronized void endMoving() {
    moving = false;
  }

  private void go(MoveOrder order) {
    try {
      mover.move(order.getToken(), order.getRenews());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      endMoving();
    } catch (RuntimeException e) {
      endMoving();
      stay(order, RpcErrors.asHoldfast(e));
    }
  }

  private void stay(MoveOrder order, HoldfastException why) {
    LOG.warn("this host does not move to another repository: {}", why.getMessage());
    outbox.stays(
        MoveAnswer.newBuilder().setMove(order.getMove()).setError(RpcErrors.detail(why)).build());
  }

  /** Runs {@code first} and whatever of its kind waits behind it. */
  private void runFrom(OrderedJob first) {
    Optional<OrderedJob> job = Optional.of(first);
    while (job.isPresent()) {
      run(job.get());
      job = next(first.order().getOrderCase());
    }
  }

  private synchronized Optional<OrderedJob> next(OrderCase kind) {
    Lane lane = lanes.get(kind);
    lane.running = Optional.ofNullable(lane.waiting.poll());
    return lane.running;
  }

  private void run(OrderedJob job) {
    try {
      check(job);
    } catch (HoldfastException e) {
      refuse(job, e);
      return;
    }
    JobResult result = job.run(handler);
    log(job, result);
    outbox.result(result);
  }

  private static void log(OrderedJob job, JobResult result) {
    String kind = job.order().getOrderCase().name().toLowerCase(Locale.ROOT);
    if (result.getOutcome() == JobOutcome.JOB_OUTCOME_FAILED) {
      LOG.warn("{} failed: {}", kind, RpcErrors.fromDetail(result.getError()).getMessage());
    } else {
      LOG.info("{} ended: {}", kind, result.getOutcome());
    }
  }

  private void refuse(OrderedJob job, HoldfastException why) {
    LOG.warn("order refused: {}", why.getMessage());
    outbox.refused(
        OrderRefused.newBuilder().setJob(job.id()).setError(RpcErrors.detail(why)).build());
  }

  /** Stops a job that runs or waits; any other id is ignored. */
  void cancel(ByteString id) {
    find(id).ifPresent(OrderedJob::cancel);
  }

  /** Another limit in bytes a second for a job that runs or waits; any other id is ignored. */
  void setRate(ByteString id, long bytesPerSecond) {
    find(id).ifPresent(job -> job.rate(Math.max(0, bytesPerSecond)));
  }

  private synchronized Optional<OrderedJob> find(ByteString id) {
    return lanes.values().stream().flatMap(Lane::jobs).filter(job -> job.id().equals(id)).findAny();
  }

  /** Jobs that run or wait. */
  synchronized List<ByteString> jobs() {
    return new ArrayList<>(
        lanes.values().stream().flatMap(Lane::jobs).map(OrderedJob::id).toList());
  }

  /** Stops everything that runs or waits. */
  void cancelAll() {
    jobs().forEach(this::cancel);
  }
}
