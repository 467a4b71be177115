package io.holdfast.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a benchmark got through, counted by itself: JMH divides it by the time. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
  /** Bytes of plaintext, for what is told in MB/s. */
  public long bytes;

  /** Entries, chunks or ids, for everything else. */
  public long items;
}
