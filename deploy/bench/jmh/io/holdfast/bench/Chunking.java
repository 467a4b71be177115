package io.holdfast.bench;

import io.holdfast.common.chunking.ChunkSizes;
import io.holdfast.common.chunking.FastCdc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Where content is cut. */
@State(Scope.Thread)
public class Chunking {
  private final byte[] bytes = Content.noise(32 << 20);
  private final FastCdc chunker = new FastCdc(Content.keys().gear(), ChunkSizes.STANDARD);

  @Benchmark
  public int cut(Work work) {
    int chunks = 0;
    int from = 0;
    while (from < bytes.length) {
      from += chunker.cut(bytes, from, bytes.length - from, true);
      chunks++;
    }
    work.bytes += bytes.length;
    return chunks;
  }
}
