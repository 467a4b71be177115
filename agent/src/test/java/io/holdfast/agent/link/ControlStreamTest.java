package io.holdfast.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.FakeCoordinator.Stream;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.testkit.Ports;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.AgentMessage.MessageCase;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CancelJob;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.MoveOrder;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.ResultKept;
import io.holdfast.proto.wire.v1.SeenStanding;
import io.holdfast.proto.wire.v1.SetRate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ControlStreamTest {
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Running> started = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> movedBy = new LinkedBlockingQueue<>();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final LastTerm authority = new LastTerm();
  private FakeCoordinator coordinator;
  private CoordinatorChannel channel;
  private Future<?> agent;

  /** A job in the middle of its run, which a test lets go. */
  private record Running(Order order, JobContext context, CountDownLatch go) {}

  /** Obeys terms that don't fall, and writes nothing while told so. */
  private static final class LastTerm implements OrderAuthority {
    private Authority highest = Authority.getDefaultInstance();

    @Override
    public synchronized Authority highest() {
      return highest;
    }

    @Override
    public synchronized void welcome(Authority next, Authority shown, SeenStanding standing) {
      obey(next, false);
    }

    @Override
    public synchronized void obey(Authority next, boolean writesHere) {
      if (next.getTerm() < highest.getTerm()) {
        throw new HoldfastException(ErrorCode.FENCED, "term " + next.getTerm() + " is over");
      }
      highest = next;
    }
  }

  @BeforeEach
  void start() throws IOException {
    coordinator = new FakeCoordinator(51);
    channel = coordinator.channel(coordinator.endpoint());
    agent = executor.submit(agentOn(channel));
  }

  private ControlStream agentOn(CoordinatorChannel line) {
    return new ControlStream(
        line,
        new ControlPorts(
            authority,
            RootMemory.NONE,
            this::run,
            this::move,
            () -> HostFacts.newBuilder().setName("web").build(),
            executor,
            coordinator.time,
            coordinator.randomness));
  }

  private void move(String token, boolean renews) throws InterruptedException {
    movedBy.add(renews ? token + " anew" : token);
    if (token.equals("refused")) {
      throw new HoldfastException(ErrorCode.TARGET_NOT_ALLOWED, "not there");
    }
  }

  private JobResult run(Order order, JobContext context) throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    assertTrue(atOnce.incrementAndGet() <= 2, "one of a kind, and there are two kinds");
    started.add(new Running(order, context, go));
    try {
      go.await();
    } finally {
      atOnce.decrementAndGet();
    }
    return JobResult.newBuilder().setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE).build();
  }

  @AfterEach
  void stop() {
    agent.cancel(true);
    channel.close();
    executor.shutdownNow();
    coordinator.close();
  }

  private static HoldfastException broke() {
    return new HoldfastException(ErrorCode.UNAVAILABLE, "the network broke");
  }

  private Running started() throws InterruptedException {
    Running running = started.poll(30, TimeUnit.SECONDS);
    assertTrue(running != null, "no job began");
    return running;
  }

  private static ByteString id(int number) {
    byte[] id = new byte[16];
    id[15] = (byte) number;
    return ByteString.copyFrom(id);
  }

  private static Order.Builder backup(int job) {
    return Order.newBuilder()
        .setJob(id(job))
        .setAuthority(FakeCoordinator.authority(1, 1))
        .setValidMillis(60_000)
        .setBackup(BackupOrder.getDefaultInstance());
  }

  private static CoordinatorMessage message(Order.Builder order) {
    return CoordinatorMessage.newBuilder().setOrder(order).build();
  }

  private static CoordinatorMessage cancel(int job) {
    return CoordinatorMessage.newBuilder()
        .setCancel(CancelJob.newBuilder().setJob(id(job)))
        .build();
  }

  private static CoordinatorMessage kept(int job) {
    return CoordinatorMessage.newBuilder()
        .setResultKept(ResultKept.newBuilder().setJob(id(job)))
        .build();
  }

  private static Hello hello(Stream stream) throws InterruptedException {
    return stream.next(MessageCase.HELLO).getHello();
  }

  private static JobResult result(Stream stream) throws InterruptedException {
    return stream.next(MessageCase.RESULT).getResult();
  }

  private static ErrorCode refusal(Stream stream, int job) throws InterruptedException {
    AgentMessage refused = stream.next(MessageCase.REFUSED);
    assertEquals(id(job), refused.getRefused().getJob());
    return io.holdfast.common.rpc.RpcErrors.fromDetail(refused.getRefused().getError()).code();
  }

  @Test
  void shouldRunAnOrderAndTellHowItWent() throws InterruptedException {
    Stream stream = coordinator.stream();
    assertEquals("web", hello(stream).getFacts().getName());
    stream.send(message(backup(1)));
    Running job = started();
    job.context().progress(JobProgress.newBuilder().setFiles(3).build());
    assertEquals(id(1), stream.next(MessageCase.PROGRESS).getProgress().getJob());
    job.go().countDown();
    JobResult result = result(stream);
    assertEquals(id(1), result.getJob());
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome());
  }

  private static CoordinatorMessage move(String token, long validMillis) {
    return CoordinatorMessage.newBuilder()
        .setMove(
            MoveOrder.newBuilder()
                .setMove(id(9))
                .setAuthority(FakeCoordinator.authority(1, 1))
                .setValidMillis(validMillis)
                .setToken(token))
        .build();
  }

  private static ErrorCode stays(Stream stream) throws InterruptedException {
    AgentMessage answer = stream.next(MessageCase.MOVE_ANSWER);
    assertEquals(id(9), answer.getMoveAnswer().getMove());
    return io.holdfast.common.rpc.RpcErrors.fromDetail(answer.getMoveAnswer().getError()).code();
  }

  @Test
  void shouldMoveWhileItDoesNothingElseAndDoNothingElseThen() throws InterruptedException {
    Stream stream = coordinator.stream();
    stream.send(move("expired", 0));
    assertEquals(ErrorCode.ORDER_EXPIRED, stays(stream));
    stream.send(message(backup(1)));
    Running job = started();
    stream.send(move("too early", 60_000));
    assertEquals(ErrorCode.BUSY, stays(stream));
    job.go().countDown();
    result(stream);
    stream.send(move("refused", 60_000));
    assertEquals(ErrorCode.TARGET_NOT_ALLOWED, stays(stream));
    stream.send(move("good", 60_000));
    assertEquals("refused", movedBy.take());
    assertEquals("good", movedBy.take());
    stream.send(message(backup(2)));
    assertEquals(ErrorCode.BUSY, refusal(stream, 2));
    stream.send(move("again", 60_000));
    assertEquals(ErrorCode.BUSY, stays(stream));
  }

  @Test
  void shouldAnswerEachHeartbeatOnce() throws InterruptedException {
    Stream stream = coordinator.stream();
    for (int i = 0; i < 5; i++) {
      stream.send(
          CoordinatorMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    }
    stream.send(message(backup(1).setValidMillis(0)));
    for (int i = 0; i < 5; i++) {
      stream.next(MessageCase.HEARTBEAT);
    }
    assertTrue(stream.received.stream().noneMatch(AgentMessage::hasHeartbeat));
  }

  @Test
  void shouldComeBackWithItsJobsAndRepeatAResultUntilItIsKept() throws InterruptedException {
    Stream first = coordinator.stream();
    first.send(message(backup(1)));
    Running job = started();
    first.fail(broke());
    Stream second = coordinator.stream();
    assertEquals(List.of(id(1)), hello(second).getRunningJobsList());
    job.go().countDown();
    assertEquals(id(1), result(second).getJob());
    second.fail(broke());
    Stream third = coordinator.stream();
    assertEquals(List.of(id(1)), hello(third).getRunningJobsList());
    assertEquals(id(1), result(third).getJob());
    third.send(kept(1));
    third.send(message(backup(2)));
    started();
    third.fail(broke());
    assertEquals(List.of(id(2)), hello(coordinator.stream()).getRunningJobsList());
  }

  @Test
  void shouldNotRunAnOrderTwice() throws InterruptedException {
    Stream stream = coordinator.stream();
    stream.send(message(backup(1)));
    Running job = started();
    stream.send(message(backup(1)));
    job.go().countDown();
    result(stream);
    stream.send(message(backup(1))); // ended and not yet kept
    stream.send(message(backup(2)));
    assertEquals(id(2), started().order().getJob());
  }

  @Test
  void shouldRefuseAnOrderOfAnOlderAuthority() throws InterruptedException {
    Stream stream = coordinator.stream();
    Order.Builder old = backup(1).setAuthority(FakeCoordinator.authority(3, 9));
    stream.send(message(backup(2).setAuthority(FakeCoordinator.authority(4, 9))));
    started();
    stream.send(message(old));
    assertEquals(ErrorCode.FENCED, refusal(stream, 1));
  }

  @Test
  void shouldRefuseAnOrderThatExpiredBeforeItsTurn() throws InterruptedException {
    Stream stream = coordinator.stream();
    stream.send(message(backup(1).setValidMillis(-1)));
    assertEquals(ErrorCode.ORDER_EXPIRED, refusal(stream, 1));
    stream.send(message(backup(2)));
    Running job = started();
    stream.send(message(backup(3).setValidMillis(1_000)));
    stream.send(message(backup(4).setValidMillis(0)));
    assertEquals(ErrorCode.ORDER_EXPIRED, refusal(stream, 4)); // so number 3 waits
    coordinator.time.advance(Duration.ofSeconds(2));
    job.go().countDown();
    assertEquals(ErrorCode.ORDER_EXPIRED, refusal(stream, 3));
  }

  @Test
  void shouldRunOneOfAKindAndLetAFewWait() throws InterruptedException {
    Stream stream = coordinator.stream();
    for (int job = 1; job <= 2 + OrderQueue.WAITING_MAX; job++) {
      stream.send(message(backup(job)));
    }
    assertEquals(ErrorCode.BUSY, refusal(stream, 2 + OrderQueue.WAITING_MAX));
    stream.send(message(backup(9).setRestore(RestoreOrder.getDefaultInstance())));
    List<Running> both = List.of(started(), started());
    assertTrue(both.stream().anyMatch(job -> job.order().hasRestore()));
    assertTrue(started.isEmpty());
    both.forEach(job -> job.go().countDown());
    for (int job = 2; job <= 1 + OrderQueue.WAITING_MAX; job++) {
      Running next = started();
      assertEquals(id(job), next.order().getJob());
      next.go().countDown();
    }
  }

  @Test
  void shouldCancelAJobThatRunsAndOneThatWaits() throws InterruptedException {
    Stream stream = coordinator.stream();
    stream.send(message(backup(1)));
    Running job = started();
    stream.send(message(backup(2)));
    stream.send(cancel(2));
    stream.send(cancel(1));
    stream.send(cancel(7)); // never heard of
    for (int number = 1; number <= 2; number++) {
      JobResult result = result(stream);
      assertEquals(id(number), result.getJob());
      assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
      assertEquals(ErrorCode.JOB_CANCELLED.number(), result.getError().getCode());
    }
    assertTrue(job.context().isCancelled());
    assertTrue(started.isEmpty());
  }

  @Test
  void shouldTellAJobItsNewLimit() throws InterruptedException {
    Stream stream = coordinator.stream();
    stream.send(message(backup(1)));
    Running job = started();
    BlockingQueue<Long> limits = new LinkedBlockingQueue<>();
    stream.send(rate(1, 1_000));
    stream.send(rate(7, 5)); // never heard of
    job.context().onRate(limits::add);
    assertEquals(1_000, limits.poll(30, TimeUnit.SECONDS));
    stream.send(rate(1, 0));
    assertEquals(0, limits.poll(30, TimeUnit.SECONDS));
    job.go().countDown();
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result(stream).getOutcome());
  }

  private static CoordinatorMessage rate(int job, long limit) {
    return CoordinatorMessage.newBuilder()
        .setSetRate(SetRate.newBuilder().setJob(id(job)).setRateLimit(limit))
        .build();
  }

  @Test
  void shouldReportAJobThatThrowsAsFailed() throws InterruptedException {
    coordinator.stream();
    agent.cancel(true);
    ControlStream failing =
        new ControlStream(
            channel,
            new ControlPorts(
                authority,
                RootMemory.NONE,
                (order, context) -> {
                  if (order.getJob().equals(id(1))) {
                    throw new HoldfastException(ErrorCode.DISK_FULL, "the disk is full");
                  }
                  throw new AssertionError("a bug");
                },
                this::move,
                HostFacts::getDefaultInstance,
                executor,
                coordinator.time,
                coordinator.randomness));
    agent = executor.submit(failing);
    Stream stream = coordinator.stream();
    stream.send(message(backup(1)));
    assertEquals(ErrorCode.DISK_FULL.number(), result(stream).getError().getCode());
    stream.send(message(backup(2)));
    assertEquals(ErrorCode.INTERNAL.number(), result(stream).getError().getCode());
  }

  @Test
  void shouldTryTheNextAddressWhenOneDoesNotAnswer() throws Exception {
    coordinator.stream();
    agent.cancel(true);
    Endpoint dead = new Endpoint("127.0.0.1", Ports.free());
    try (CoordinatorChannel line = coordinator.channel(dead, coordinator.endpoint())) {
      agent = executor.submit(agentOn(line));
      assertEquals("web", hello(coordinator.stream()).getFacts().getName());
      agent.cancel(true);
    }
  }

  @Test
  void shouldLeaveACoordinatorThatLeadsNoLongerAndComeBack() throws InterruptedException {
    Stream first = coordinator.stream();
    assertEquals(0, hello(first).getHighestSeen().getTerm());
    first.send(message(backup(1)));
    started().go().countDown();
    result(first);
    coordinator.introduction = FakeCoordinator.authority(0, 9);
    first.fail(broke());
    for (int attempt = 0; attempt < 2; attempt++) {
      Stream deposed = coordinator.stream();
      assertEquals(1, hello(deposed).getHighestSeen().getTerm());
      deposed.send(message(backup(2).setAuthority(FakeCoordinator.authority(0, 9))));
    }
    assertTrue(started.isEmpty());
  }

  @Test
  void shouldGiveUpACoordinatorThatFallsSilent() throws InterruptedException {
    coordinator.heartbeatMillis = 1; // silence is two seconds, the least there is
    coordinator.stream();
    coordinator.stream();
  }

  @Test
  void shouldStopItsJobsWhenItIsStopped() throws InterruptedException {
    Stream stream = coordinator.stream();
    stream.send(message(backup(1)));
    Running job = started();
    agent.cancel(true);
    while (!job.context().isCancelled()) {
      Thread.onSpinWait();
    }
  }
}
