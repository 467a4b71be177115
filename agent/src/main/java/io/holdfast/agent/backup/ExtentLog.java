package io.holdfast.agent.backup;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the parts of a stream lie. Its first entry carries its size, which is known at its end
 * only; till then one segment's worth of parts is held, and what is beyond that lies in a {@link
 * Spill}: 41 bytes for each chunk. One thread.
 */
final class ExtentLog implements AutoCloseable {
  private static final int RECORD_BYTES = Reference.LENGTH + 2 * Integer.BYTES;

  private final Supplier<Spill> spills;
  private final byte[] block = new byte[Extents.MAX_COUNT * RECORD_BYTES];
  private List<Upcoming.Part> parts = new ArrayList<>();
  private long sizeBytes;
  private Optional<Spill> spill = Optional.empty();
  private long spilledBytes;

  ExtentLog(Supplier<Spill> spills) {
    this.spills = spills;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  void add(Upcoming.Stretch part) throws InterruptedException {
    if (parts.size() == Extents.MAX_COUNT) {
      spillParts();
    }
    parts.add(part);
    sizeBytes += part.lengthBytes();
  }

  /** Waits for the keys of the parts that are held: they are on their way already. */
  private void spillParts() throws InterruptedException {
    if (spill.isEmpty()) {
      spill = Optional.of(spills.get());
    }
    Extents extents = content().segment(0).extents();
    ByteBuffer out = ByteBuffer.wrap(block);
    for (int i = 0; i < extents.count(); i++) {
      Reference chunk = extents.chunk(i);
      out.put((byte) chunk.kind().number()).put(chunk.key().toByteArray());
      out.putInt(extents.offset(i)).putInt(Math.toIntExact(extents.lengthBytes(i)));
    }
    spill.get().append(block, out.position());
    spilledBytes += out.position();
    parts = new ArrayList<>();
  }

  private Upcoming.Content content() {
    return new Upcoming.Content(List.copyOf(parts), Optional.empty(), Optional.empty());
  }

  /** The stream has ended: its entries. */
  void finish(Node node, EntryQueue queue) throws InterruptedException {
    if (spill.isEmpty()) {
      queue.add(new Upcoming.FileStart(node, sizeBytes, content(), Optional.empty()));
      return;
    }
    spillParts();
    long offset = 0;
    for (long at = 0; at < spilledBytes; at += block.length) {
      int length = (int) Math.min(block.length, spilledBytes - at);
      spill.get().read(at, block, length);
      Segment segment = Segment.of(offset, extents(length));
      queue.add(
          new Upcoming.Ready(
              offset == 0
                  ? node.withForm(new Form.RegularFile(sizeBytes, segment))
                  : new Continuation(node.path(), segment, Optional.empty())));
      offset = segment.endBytes();
    }
  }

  private Extents extents(int length) {
    Extents.Builder extents = new Extents.Builder(length / RECORD_BYTES);
    ByteBuffer in = ByteBuffer.wrap(block, 0, length);
    while (in.hasRemaining()) {
      ChunkKind kind = ChunkKind.of(in.get());
      byte[] key = new byte[Bytes32.LENGTH];
      in.get(key);
      extents.add(new Reference(kind, Bytes32.of(key)), in.getInt(), in.getInt());
    }
    return extents.build();
  }

  @Override
  public void close() {
    spill.ifPresent(Spill::close);
  }
}
