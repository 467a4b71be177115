package io.holdfast.agent.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskPageCacheTest {
  @TempDir Path directory;

  private static ChunkRef page(int number) {
    byte[] id = new byte[32];
    id[31] = (byte) number;
    return new ChunkRef(ChunkKind.PAGE, ChunkId.of(id));
  }

  private DiskPageCache open(long bytesMax) {
    return DiskPageCache.open(directory, bytesMax);
  }

  private long bytes() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void shouldGiveBackWhatItWasGiven() {
    open(1000).put(page(1), new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, open(1000).find(page(1)).orElseThrow());
    assertEquals(Optional.empty(), open(1000).find(page(2)));
  }

  @Test
  void shouldTakeNoMoreThanItsBoundAtOneTime() throws IOException {
    DiskPageCache cache = open(100);
    for (int i = 0; i < 10; i++) {
      cache.put(page(i), new byte[30]);
    }
    assertEquals(90, bytes());
    DiskPageCache next = open(100);
    for (int i = 10; i < 20; i++) {
      next.put(page(i), new byte[30]);
    }
    assertEquals(180, bytes());
  }

  @Test
  void shouldDropTheOldestWhenItOpens() throws IOException {
    DiskPageCache cache = open(100);
    for (int i = 0; i < 3; i++) {
      cache.put(page(i), new byte[30]);
    }
    Path newest = directory.resolve("00").resolve(page(0).id().toString());
    Files.setLastModifiedTime(newest, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    DiskPageCache smaller = open(40);
    assertEquals(30, bytes());
    assertEquals(30, smaller.find(page(0)).orElseThrow().length);
  }

  @Test
  void shouldLeaveNoPartOfAFileThatItCouldNotWrite() throws IOException {
    DiskPageCache cache = open(100);
    Path file = directory.resolve("00").resolve(page(1).id().toString());
    Files.createDirectories(file.resolve("in the way"));
    cache.put(page(1), new byte[30]);
    assertEquals(0, bytes());
  }

  @Test
  void shouldDeleteWhatAKilledAgentLeftHalfWritten() throws IOException {
    open(100).put(page(1), new byte[30]);
    String name = page(2).id().toString() + ".57";
    Files.write(directory.resolve("00").resolve(name), new byte[20]);
    open(100);
    assertEquals(30, bytes());
  }

  @Test
  void shouldOpenWhenAPageVanishesUnderIt() throws IOException {
    open(100).put(page(1), new byte[30]);
    Path vanished = directory.resolve("00").resolve(page(2).id().toString());
    Files.createSymbolicLink(vanished, directory.resolve("nothing"));
    assertEquals(30, open(100).find(page(1)).orElseThrow().length);
  }

  @Test
  void shouldBeOffWithoutABound() throws IOException {
    DiskPageCache cache = open(0);
    cache.put(page(1), new byte[1]);
    assertEquals(Optional.empty(), cache.find(page(1)));
    assertEquals(0, bytes());
  }
}
