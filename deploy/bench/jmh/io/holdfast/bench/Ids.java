package io.holdfast.bench;

import io.holdfast.common.chunking.ContentTagger;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.seam.Randomness;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The names of content. */
@State(Scope.Thread)
public class Ids {
  private static final int CHUNK = 1 << 20;
  private static final int SMALL = 4 << 10;

  private final byte[] bytes = Content.noise(16 << 20);
  private final ChunkSealer sealer =
      new ChunkSealer(Content.keys(), SealOptions.STANDARD, Randomness.secure());
  private final ContentTagger tagger = new ContentTagger(Content.keys().tagKey());
  private final ChunkKey key = sealer.key(ChunkKind.DATA, bytes, 0, CHUNK);
  private int at;

  @Benchmark
  public ChunkKey key(Work work) {
    work.bytes += CHUNK;
    return sealer.key(ChunkKind.DATA, bytes, next(CHUNK), CHUNK);
  }

  @Benchmark
  public long tag(Work work) {
    work.bytes += SMALL;
    return tagger.tag(bytes, next(SMALL), SMALL);
  }

  @Benchmark
  public SealedHash sealedHash(Work work) {
    work.bytes += CHUNK;
    return SealedHash.of(bytes, next(CHUNK), CHUNK);
  }

  @Benchmark
  public ChunkRef id(Work work) {
    work.items++;
    return sealer.ref(key);
  }

  private int next(int length) {
    at = (at + length) % bytes.length;
    return at;
  }

  @TearDown
  public void close() {
    sealer.close();
  }
}
