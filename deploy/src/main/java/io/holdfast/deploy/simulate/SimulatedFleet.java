package io.holdfast.deploy.simulate;

import io.holdfast.agent.link.Backoff;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Hosts of consecutive numbers, enrolled and running until it is closed. One thread. */
public final class SimulatedFleet implements AutoCloseable {
  /** Enrolments at one time: more only wait for the coordinator's disk. */
  private static final int ENROLLING = 16;

  private static final int ATTEMPTS = 6;

  /**
   * How big a fleet.
   *
   * @param first number of the first host: processes with hosts of their own may share a directory
   * @param files on each host
   * @param fileBytes of each of them
   */
  public record Size(int first, int hosts, int files, int fileBytes) {}

  private final Size size;
  private final Time time;
  private final Randomness randomness;
  private final List<SimulatedHost> hosts;
  private final List<AgentNode> agents = new ArrayList<>();

  /** Of the hosts, whose turn it is to change a file. */
  private int next;

  /** Below {@code directory}, where an earlier one is taken up. */
  public SimulatedFleet(Path directory, Size size, Time time, Randomness randomness) {
    this.size = size;
    this.time = time;
    this.randomness = randomness;
    this.hosts =
        IntStream.range(size.first(), size.first() + size.hosts())
            .mapToObj(number -> new SimulatedHost(directory, number))
            .toList();
  }

  /**
   * Enrols the hosts that aren't, and makes their files. What an enrolment throws ends it, unless
   * it may be tried again; it can be done again.
   *
   * @param tokens makes a token for the host of a name; any thread
   * @param enrolled told how many are, so far
   */
  public void enrol(Function<String, String> tokens, Consumer<Integer> enrolled)
      throws InterruptedException {
    try (ExecutorService workers = Executors.newFixedThreadPool(ENROLLING)) {
      List<Future<?>> all = new ArrayList<>();
      hosts.forEach(host -> all.add(workers.submit(() -> prepare(host, tokens))));
      try {
        for (int done = 0; done < all.size(); done++) {
          all.get(done).get();
          enrolled.accept(done + 1);
        }
      } catch (ExecutionException e) {
        workers.shutdownNow();
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      }
    }
  }

  private void prepare(SimulatedHost host, Function<String, String> tokens) {
    host.makeFiles(size.files(), size.fileBytes(), randomness);
    if (!host.isEnrolled()) {
      enrol(host, tokens);
    }
  }

  /**
   * As the person at the host would: a coordinator to which thousands come may be busy for once.
   */
  private void enrol(SimulatedHost host, Function<String, String> tokens) {
    Backoff backoff = new Backoff(time, randomness);
    for (int left = ATTEMPTS; true; left--) {
      try {
        host.enrol(tokens.apply(host.name()), time, randomness);
        return;
      } catch (HoldfastException e) {
        if (e.kind() != ErrorKind.RETRY || left == 1) {
          throw e;
        }
      }
      try {
        backoff.pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HoldfastException(ErrorCode.CANCELLED, "enrolling was interrupted", e);
      }
    }
  }

  /** Starts every agent. */
  public void start() {
    hosts.forEach(host -> agents.add(host.start(time, randomness)));
  }

  public int connected() {
    return (int) agents.stream().filter(AgentNode::isConnected).count();
  }

  /** Changes one file on each of the next {@code count} hosts; after the last comes the first. */
  public void change(int count) {
    for (int n = 0; n < count; n++) {
      hosts.get(next).change(size.files(), randomness);
      next = (next + 1) % hosts.size();
    }
  }

  /** Waits {@code pause}. */
  public void sleep(Duration pause) throws InterruptedException {
    time.sleep(pause);
  }

  @Override
  public void close() {
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      agents.forEach(agent -> closing.execute(agent::close));
    }
  }
}
