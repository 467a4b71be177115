package io.holdfast.bench;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.seam.Randomness;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From plaintext, whose K is known, to sealed bytes, and back to bytes proven to be K's. */
@State(Scope.Thread)
public class Sealing {
  /** Bytes of all content, so that what is worked on comes from memory. */
  static final int TOTAL = 16 << 20;

  @Param({"text", "noise"})
  public String content;

  @Param({"1024", "16"})
  public int kib;

  private final ChunkSealer sealer =
      new ChunkSealer(Content.keys(), SealOptions.STANDARD, Randomness.secure());
  private final ChunkOpener opener = new ChunkOpener(Set.of(Content.keys()));
  private byte[] bytes;
  private byte[] out;
  private ChunkKey[] keys;
  private byte[][] sealed;
  private int length;
  private int at;

  @Setup
  public void prepare() {
    length = kib << 10;
    bytes = Content.of(content, TOTAL);
    out = new byte[length];
    int chunks = TOTAL / length;
    keys = new ChunkKey[chunks];
    sealed = new byte[chunks][];
    for (int i = 0; i < chunks; i++) {
      keys[i] = sealer.key(ChunkKind.DATA, bytes, i * length, length);
      sealed[i] = sealer.seal(keys[i], bytes, i * length, length).bytes();
    }
  }

  @Benchmark
  public SealedChunk seal(Work work) {
    int chunk = next();
    work.bytes += length;
    return sealer.seal(keys[chunk], bytes, chunk * length, length);
  }

  @Benchmark
  public byte[] open(Work work) {
    int chunk = next();
    work.bytes += opener.open(keys[chunk], sealed[chunk], 0, sealed[chunk].length, out, 0);
    return out;
  }

  private int next() {
    at = (at + 1) % keys.length;
    return at;
  }

  @TearDown
  public void close() {
    opener.close();
    sealer.close();
  }
}
