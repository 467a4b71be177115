package io.holdfast.agent.restore;

import io.holdfast.common.chunking.NameHash;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.page.PageTreeWriter;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.common.snapshot.SnapshotContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A snapshot in memory whose chunks and pages can be lost, changed and swapped. One thread. */
final class MemorySnapshot implements SnapshotContent {
  private static final ChunkKeys KEYS =
      ChunkKeys.derive(
          RepositoryId.parse("0123456789abcdef0123456789abcdef"),
          1,
          Bytes32.of(new byte[32]),
          Bytes32.of(new byte[32]));

  private final ChunkSealer sealer =
      new ChunkSealer(KEYS, SealOptions.STANDARD, new SeededRandomness(1));
  private final Map<ChunkRef, byte[]> chunks = new HashMap<>();
  private final Map<ChunkRef, List<byte[]>> copies = new HashMap<>();
  private final Map<ChunkRef, Integer> handedOver = new HashMap<>();
  private final Map<Reference, byte[]> pages = new HashMap<>();
  private final List<Reference> leaves = new ArrayList<>();
  private final Set<ChunkRef> asked = new HashSet<>();
  private int askedTwice;
  private boolean twoRead;
  private Runnable onChunks = () -> {};

  /** Seals {@code content} and answers what refers to all of it. */
  Extents store(byte[] content) {
    return Extents.of(chunk(content), 0, content.length);
  }

  /** Seals one chunk. */
  Reference chunk(byte[] content) {
    ChunkKey key = sealer.key(ChunkKind.DATA, content, 0, content.length);
    chunks.put(sealer.ref(key), sealer.seal(key, content, 0, content.length).bytes());
    return new Reference(ChunkKind.DATA, key.k());
  }

  private ChunkRef id(Reference reference) {
    return new ChunkKey(reference.kind(), reference.key()).ref();
  }

  void lose(Reference chunk) {
    chunks.remove(id(chunk));
  }

  /** Changes one bit of the sealed chunk. */
  void damage(Reference chunk) {
    byte[] sealed = chunks.get(id(chunk));
    sealed[sealed.length / 2] ^= 1;
  }

  /** Keeps another copy of the chunk, as it is now, behind those that are kept already. */
  void copy(Reference chunk) {
    copies.computeIfAbsent(id(chunk), one -> new ArrayList<>()).add(chunks.get(id(chunk)).clone());
  }

  /** Serves {@code other}'s bytes under the id of {@code chunk}. */
  void swap(Reference chunk, Reference other) {
    chunks.put(id(chunk), chunks.get(id(other)));
  }

  /** Loses the leaf page number {@code index}. */
  void loseLeaf(int index) {
    pages.remove(leaves.get(index));
  }

  int leafCount() {
    return leaves.size();
  }

  /** From now on another thread may read chunks. */
  void letTwoRead() {
    twoRead = true;
  }

  @Override
  public Optional<SnapshotContent> beside() {
    return twoRead ? Optional.of(new Beside()) : Optional.empty();
  }

  /** Another session on the same; what is read doesn't change. */
  private final class Beside implements SnapshotContent {
    @Override
    public byte[] read(Reference page) {
      throw new AssertionError("pages are read where they were");
    }

    @Override
    public void chunks(Map<ChunkRef, List<ChunkRef>> wanted, Receiver receiver)
        throws InterruptedException {
      MemorySnapshot.this.chunks(wanted, receiver);
    }

    @Override
    public void again(Map<ChunkRef, List<ChunkRef>> unopened, Receiver receiver)
        throws InterruptedException {
      MemorySnapshot.this.again(unopened, receiver);
    }

    @Override
    public void close() {}
  }

  /** Runs when chunks are asked for. */
  void whenAsked(Runnable hook) {
    onChunks = hook;
  }

  /** Chunks that were asked for more than once. */
  int askedTwice() {
    return askedTwice;
  }

  /** The snapshot of {@code entries}, in order. */
  OpenSnapshot open(List<? extends Entry> entries) {
    PageTreeWriter writer =
        new PageTreeWriter(
            (plaintext, references, summary) -> {
              ChunkKey key = sealer.key(ChunkKind.PAGE, plaintext, 0, plaintext.length);
              Reference page = new Reference(ChunkKind.PAGE, key.k());
              pages.put(page, plaintext);
              if (plaintext[1] == 0) {
                leaves.add(page);
              }
              return page;
            },
            (path, offset, length, segment) ->
                NameHash.of(path, offset, length, KEYS.gear(), segment));
    entries.forEach(writer::add);
    return new OpenSnapshot(this, writer.finish(List.of()).root(), List.of(KEYS));
  }

  @Override
  public byte[] read(Reference page) {
    byte[] plaintext = pages.get(page);
    if (plaintext == null) {
      throw new HoldfastException(ErrorCode.CHUNK_NOT_FOUND, "the page is lost");
    }
    return plaintext;
  }

  @Override
  public void chunks(Map<ChunkRef, List<ChunkRef>> wanted, Receiver receiver)
      throws InterruptedException {
    onChunks.run();
    handedOver.clear();
    for (List<ChunkRef> leaf : wanted.values()) {
      for (ChunkRef chunk : leaf.reversed()) {
        askedTwice += asked.add(chunk) ? 0 : 1;
        byte[] sealed = chunks.get(chunk);
        if (sealed == null) {
          receiver.failed(
              chunk, new HoldfastException(ErrorCode.CHUNK_NOT_FOUND, "the chunk is lost"));
        } else {
          receiver.chunk(chunk, ByteBuffer.wrap(sealed));
        }
      }
    }
  }

  @Override
  public void again(Map<ChunkRef, List<ChunkRef>> unopened, Receiver receiver)
      throws InterruptedException {
    for (List<ChunkRef> leaf : unopened.values()) {
      for (ChunkRef chunk : leaf) {
        int next = handedOver.merge(chunk, 1, Integer::sum) - 1;
        List<byte[]> all = copies.getOrDefault(chunk, List.of());
        if (next < all.size()) {
          receiver.chunk(chunk, ByteBuffer.wrap(all.get(next)));
        } else {
          receiver.failed(chunk, SnapshotContent.noOtherCopy(chunk));
        }
      }
    }
  }

  @Override
  public void close() {
    sealer.close();
  }
}
