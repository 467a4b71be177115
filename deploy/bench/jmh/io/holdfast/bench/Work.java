package io.holdfast.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a benchmark got through, counted by itself: JMH divides it by time. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
  /** Bytes of plaintext, for what is told in MB/s. */
  public long bytes;

  /** Entries, chunks or ids, for everything else. */
  public long items;

  /** What the measuring thread had of a processor: others may be at work on this machine. */
  public long cpuNanos;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long began;

  @Setup(Level.Iteration)
  public void begin() {
    began = threads.getCurrentThreadCpuTime();
  }

  @TearDown(Level.Iteration)
  public void end() {
    cpuNanos = threads.getCurrentThreadCpuTime() - began;
  }
}
