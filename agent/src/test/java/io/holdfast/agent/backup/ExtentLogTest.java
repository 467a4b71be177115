package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However long a stream is, its first entry carries its size, and all of its parts come after. */
class ExtentLogTest {
  private static final Node NODE =
      Node.of(
          EntryPath.of("dump.sql"),
          new Metadata(0600, 0, 0, 1, 0, 0, 0, 0),
          new Form.RegularFile(0, Segment.EMPTY));

  private static Reference chunk(int number) {
    return new Reference(
        number % 3 == 0 ? ChunkKind.BUNDLE : ChunkKind.DATA, new Bytes32(1, 2, 3, number));
  }

  private static int length(int number) {
    return 1_000_000 + number % 7;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, Extents.MAX_COUNT, Extents.MAX_COUNT + 1, 3 * Extents.MAX_COUNT, 20_000})
  void shouldGiveBackEveryPartInOrder(int parts) throws InterruptedException {
    EntryQueue queue = new EntryQueue();
    List<MemorySpill> spills = new ArrayList<>();
    long size = 0;
    try (ExtentLog log =
        new ExtentLog(() -> {
          spills.add(new MemorySpill());
          return spills.getLast();
        })) {
      for (int i = 0; i < parts; i++) {
        log.add(
            new Upcoming.Stretch(CompletableFuture.completedFuture(chunk(i)), i % 5, length(i)));
        size += length(i);
      }
      assertEquals(size, log.sizeBytes());
      log.finish(NODE, queue);
      queue.end();
    }
    check(queue, parts, size);
    assertEquals(parts > Extents.MAX_COUNT ? 1 : 0, spills.size());
    assertTrue(spills.stream().allMatch(MemorySpill::isClosed));
  }

  private static void check(EntryQueue queue, int parts, long size) throws InterruptedException {
    int part = 0;
    long end = 0;
    for (Upcoming next = queue.take(); next != null; next = queue.take()) {
      Segment segment = segment(next.entry(), size, end);
      assertEquals(end, segment.offsetBytes());
      end = segment.endBytes();
      for (int i = 0; i < segment.extents().count(); i++, part++) {
        assertEquals(chunk(part), segment.extents().chunk(i));
        assertEquals(part % 5, segment.extents().offset(i));
        assertEquals(length(part), segment.extents().lengthBytes(i));
      }
    }
    assertEquals(parts, part);
    assertEquals(size, end);
  }

  private static Segment segment(Entry entry, long size, long end) {
    return switch (entry) {
      case Node node when node.form() instanceof Form.RegularFile file -> {
        assertEquals(0, end);
        assertEquals(size, file.sizeBytes());
        yield file.first();
      }
      case Continuation more -> more.segment();
      case Node other -> throw new AssertionError("no file: " + other);
    };
  }
}
