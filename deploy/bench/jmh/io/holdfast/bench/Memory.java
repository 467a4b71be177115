package io.holdfast.bench;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What this machine's memory gives one thread: a limit, nothing of ours. */
@State(Scope.Thread)
public class Memory {
  private final long[] words = new long[32 << 20];

  public Memory() {
    Arrays.setAll(words, i -> i);
  }

  @Benchmark
  public long read(Work work) {
    long sum = 0;
    for (long word : words) {
      sum += word;
    }
    work.bytes += (long) words.length * Long.BYTES;
    return sum;
  }
}
