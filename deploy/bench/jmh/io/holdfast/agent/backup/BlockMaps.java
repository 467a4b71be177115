package io.holdfast.agent.backup;

import io.holdfast.bench.Content;
import io.holdfast.bench.Work;
import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.chunking.BlockMapCodec;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A file that was changed in place, one block in twenty, against the map of the run before. */
@State(Scope.Thread)
public class BlockMaps {
  private static final int BLOCK = 8 << 10;
  private static final int LENGTH = 32 << 20;
  private static final int CHUNK = 2 << 20;
  private static final int CHANGED_EVERY = 20;

  private final EntryPath path = EntryPath.of("database/table");
  private final Reference map = new Reference(ChunkKind.BLOCK_MAP, Bytes32.ZERO);
  private final BlockFingerprinter fingerprinter = new BlockFingerprinter(Content.keys().mapKey());
  private final byte[] bytes = Content.noise(LENGTH);
  private final byte[] prints = new byte[LENGTH / BLOCK * BlockFingerprinter.LENGTH];
  private final Segment segment = new Segment(0, extents(), Optional.of(map));
  private final byte[] before;

  public BlockMaps() {
    fingerprintAll();
    byte[] old = prints.clone();
    for (int at = 0; at < old.length; at += CHANGED_EVERY * BlockFingerprinter.LENGTH) {
      old[at] ^= 1;
    }
    BlockMapCodec.Builder builder = new BlockMapCodec.Builder(BLOCK, LENGTH / BLOCK);
    for (int at = 0; at < old.length; at += BlockFingerprinter.LENGTH) {
      builder.add(old, at);
    }
    before = builder.encode();
  }

  private static Extents extents() {
    Extents.Builder extents = new Extents.Builder();
    for (int chunk = 0; chunk < LENGTH / CHUNK; chunk++) {
      extents.add(new Reference(ChunkKind.DATA, new Bytes32(0, 0, 0, chunk)), 0, CHUNK);
    }
    return extents.build();
  }

  @Benchmark
  public byte[] fingerprint(Work work) {
    fingerprintAll();
    work.bytes += LENGTH;
    return prints;
  }

  private void fingerprintAll() {
    for (int at = 0; at < LENGTH; at += BLOCK) {
      fingerprinter.fingerprint(bytes, at, BLOCK, prints, printAt(at));
    }
  }

  /** Reads the map and says of each block whether, and where, the base has it. */
  @Benchmark
  public long compare(Work work) throws InterruptedException {
    BaseBlocks base =
        BaseBlocks.open(path, segment, new BaseCursor(Optional.empty()), chunk -> before)
            .orElseThrow();
    long kept = 0;
    for (int at = 0; at < LENGTH; at += BLOCK) {
      if (base.matches(at, BLOCK, prints, printAt(at))) {
        kept += base.parts(at, BLOCK).size();
      }
    }
    work.items += LENGTH / BLOCK;
    return kept;
  }

  private static int printAt(int at) {
    return at / BLOCK * BlockFingerprinter.LENGTH;
  }
}
