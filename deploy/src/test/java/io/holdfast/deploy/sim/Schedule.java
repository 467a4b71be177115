package io.holdfast.deploy.sim;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Runs virtual threads one at a time on the thread that calls {@link #run}, in an order drawn from
 * a seed, on a clock that moves when there is nothing else to do. Product code blocks on its own
 * locks, conditions and futures as it does in production; wherever it blocks, and wherever a fake
 * yields, any other thread may go on.
 *
 * <ul>
 *   <li>S1 At most one thread runs, and which one next is a function of the seed.
 *   <li>S2 A thread of a {@link SimProcess} that was killed never runs again, not even its finally
 *       blocks.
 *   <li>S3 Nothing waits in real time.
 * </ul>
 */
final class Schedule {
  /** Steps without the awaited end that are taken for a thread that goes round for ever. */
  private static final long STEPS_LIMIT = 3_000_000;

  /** How long a wake-up that the JDK delivers through a thread of its own may take. */
  private static final long FOREIGN_NANOS = 1_000_000_000L;

  private static final Method NEW_THREAD = newVirtualThread();

  private record Ready(SimProcess process, Runnable continuation) {}

  private record Timer(long nanos, long order, Thread thread) {}

  private final RandomGenerator random;
  private final List<Ready> ready = new ArrayList<>();
  private final ConcurrentLinkedQueue<Ready> foreign = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((left, right) ->
          left.nanos != right.nanos
              ? Long.compare(left.nanos, right.nanos)
              : Long.compare(left.order, right.order));
  private final Deque<Thread> threads = new ArrayDeque<>();
  private final Thread driver = Thread.currentThread();
  private long nanos;
  private long timerOrder;
  private long steps;
  private long foreignWakeUps;
  private long trace = 17;
  private Throwable uncaught;

  Schedule(RandomGenerator random) {
    this.random = random;
  }

  /** Virtual nanoseconds since the beginning. */
  long nanos() {
    return nanos;
  }

  long steps() {
    return steps;
  }

  /** Wake-ups whose moment the JDK chose and not the seed; a repeatable run has none. */
  long foreignWakeUps() {
    return foreignWakeUps;
  }

  /** A digest of every choice made so far: equal runs have equal ones. */
  long trace() {
    return trace;
  }

  /** Folds something that must be the same in an equal run into {@link #trace}. */
  void note(long value) {
    trace = trace * 31 + value;
  }

  ThreadFactory factory(SimProcess process, String name) {
    return task -> unstarted(process, name, task);
  }

  Executor executor(SimProcess process, String name) {
    return task -> unstarted(process, name, task).start();
  }

  private Thread unstarted(SimProcess process, String name, Runnable task) {
    Executor scheduler = continuation -> submit(process, continuation);
    try {
      Thread thread =
          (Thread) NEW_THREAD.invoke(null, scheduler, process.name() + "/" + name, 0, task);
      thread.setUncaughtExceptionHandler((_, e) -> uncaught = uncaught == null ? e : uncaught);
      threads.add(thread);
      return thread;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("no virtual thread can be made", e);
    }
  }

  private void submit(SimProcess process, Runnable continuation) {
    Thread current = Thread.currentThread();
    if (current.isVirtual() || current.equals(driver)) {
      ready.add(new Ready(process, continuation));
    } else {
      foreign.add(new Ready(process, continuation));
    }
  }

  /** Lets others go first, perhaps. Does nothing on the driver's own thread. */
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours: yielding is what it is made for
  void letOthersGo() {
    if (Thread.currentThread().isVirtual()) {
      Thread.yield();
    }
  }

  /** Waits on the virtual clock. */
  void sleep(long sleepNanos) throws InterruptedException {
    doze(sleepNanos, () -> false);
  }

  /** Waits on the virtual clock, or until unparked with {@code woken} true. */
  void doze(long dozeNanos, BooleanSupplier woken) throws InterruptedException {
    long until = nanos + Math.max(dozeNanos, 1);
    timers.add(new Timer(until, timerOrder++, Thread.currentThread()));
    while (nanos < until && !woken.getAsBoolean()) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** Runs until {@code end}; a claim fails if that doesn't come within {@code limitNanos}. */
  void runUntil(String what, long limitNanos, BooleanSupplier end) {
    long from = nanos;
    long fromStep = steps;
    while (!end.getAsBoolean()) {
      if (nanos - from > limitNanos || steps - fromStep > STEPS_LIMIT || !step()) {
        throw new Claims.Broken("nothingWaitsForEver", what + "; waiting:\n" + waiting());
      }
    }
  }

  /** Runs until the virtual clock has moved on by {@code by}, even if nobody waits for that. */
  void pass(long by) {
    long until = nanos + by;
    timers.add(new Timer(until, timerOrder++, driver));
    runUntil("time to pass", 2 * by + 1_000_000_000, () -> nanos >= until);
  }

  /** Runs at most so many steps, and ends where nothing is left that could happen now. */
  void run(int count) {
    for (int i = 0; i < count && !(ready.isEmpty() && timers.isEmpty() && foreign.isEmpty()); i++) {
      step();
    }
  }

  /** False if nothing will ever happen again. */
  private boolean step() {
    takeForeign();
    steps++;
    boolean early = !ready.isEmpty() && !timers.isEmpty() && random.nextInt(64) == 0;
    if (ready.isEmpty() || early) {
      if (timers.isEmpty() && !awaitForeign()) {
        return false;
      }
      fire();
      return true;
    }
    int index = random.nextInt(ready.size());
    Ready next = ready.get(index);
    ready.set(index, ready.getLast());
    ready.removeLast();
    note(index);
    if (next.process.isAlive()) {
      next.continuation.run();
      failIfUncaught();
    }
    return true;
  }

  /** No thread ends by an error that nobody expected. */
  private void failIfUncaught() {
    if (uncaught != null) {
      Throwable cause = uncaught;
      uncaught = null;
      throw new IllegalStateException("a thread died of " + cause, cause);
    }
  }

  private void fire() {
    Timer timer = timers.poll();
    if (timer != null) {
      nanos = Math.max(nanos, timer.nanos);
      LockSupport.unpark(timer.thread);
    }
  }

  private void takeForeign() {
    for (Ready next = foreign.poll(); next != null; next = foreign.poll()) {
      foreignWakeUps++;
      ready.add(next);
    }
  }

  /** A monitor's wake-up comes through a thread of the JDK. */
  private boolean awaitForeign() {
    long begin = System.nanoTime();
    while (foreign.isEmpty() && System.nanoTime() - begin < FOREIGN_NANOS) {
      LockSupport.parkNanos(this, 100_000);
    }
    takeForeign();
    return !ready.isEmpty();
  }

  private String waiting() {
    StringBuilder text = new StringBuilder();
    for (Thread thread : threads) {
      StackTraceElement[] stack = thread.isAlive() ? thread.getStackTrace() : null;
      if (stack != null && stack.length > 0) {
        text.append("  ").append(thread.getName()).append('\n');
        Arrays.stream(stack)
            .filter(frame -> frame.getClassName().startsWith("io.holdfast"))
            .limit(6)
            .forEach(frame -> text.append("      ").append(frame).append('\n'));
      }
    }
    return text.toString();
  }

  private static Method newVirtualThread() {
    try {
      System.setProperty("jdk.trackAllThreads", "false");
      Method method =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "the simulation runs virtual threads on a scheduler of its own: start the JVM with"
              + " --add-opens java.base/java.lang=ALL-UNNAMED",
          e);
    }
  }
}
