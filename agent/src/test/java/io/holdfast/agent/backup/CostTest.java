package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.ChunkKind;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a backup stores and asks for, counted: numbers that are the same on every machine, so that a
 * change that makes backups dearer shows here and not in next month's measurement. Each limit is
 * what the code reached when it was set, with room only where timing or zstd's version decides;
 * whoever does better lowers it, whoever must raise it says why in the commit.
 */
class CostTest {
  private static final int FILES = 2_000;
  private static final int PAGE = 8 << 10;
  private static final int PAGES = 3_072;
  private static final String[] WORDS =
      ("backup restore vault chunk host fleet proof pack page journal leader site copy tier drill"
           + " retention snapshot catalog deduplicated sealed the of and a in is that for with as")
          .split(" ", -1);

  private final BackupKit kit = new BackupKit();
  private MemoryHost.MemoryFile database;

  @BeforeEach
  void fill() throws Exception {
    for (int i = 0; i < FILES; i++) {
      kit.host.file(name(i), text(500 + 37 * (i % 300), i));
    }
    database = kit.host.file("var/db/table", pages());
    kit.host.file("media/film", BackupKit.noise(7_000_000, 5));
    kit.backup();
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private static String name(int i) {
    return "home/%02d/%04d.txt".formatted(i / 50, i);
  }

  private static byte[] text(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(length + 20);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)])
          .append(random.nextInt(12) == 0 ? ".\n" : " ");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  /** Half of each page is rows that resemble each other, the rest is free. */
  private static byte[] pages() {
    byte[] pages = new byte[PAGES * PAGE];
    for (int page = 0; page < PAGES; page++) {
      for (int row = 0; row < 64; row++) {
        byte[] noise = BackupKit.noise(20, page * 64L + row);
        System.arraycopy(noise, 0, pages, page * PAGE + row * 64, noise.length);
      }
    }
    return pages;
  }

  private static void atMost(long limit, long actual, String what) {
    assertTrue(actual <= limit, () -> what + ": " + actual + ", where " + limit + " is the limit");
  }

  private void chunks(ChunkKind kind, int limit) {
    atMost(limit, kit.coordinator.uploads(kind), kind + " chunks sent");
  }

  @Test
  void aFirstBackup() {
    chunks(ChunkKind.BUNDLE, 8);
    chunks(ChunkKind.DATA, 16);
    chunks(ChunkKind.BLOCK_MAP, 1);
    chunks(ChunkKind.PAGE, 8);
    atMost(43_858_824, kit.coordinator.contentBytes(), "bytes of content sent");
    atMost(86_421, kit.coordinator.plainBytes(ChunkKind.PAGE), "bytes of pages");
    atMost(13_764_481 + 65_536, kit.coordinator.sealedBytes(), "bytes stored");
    atMost(8 + 16 + 1 + 8, kit.coordinator.queries(), "queries, one a chunk if none met");
  }

  @Test
  void anUnchangedBackup() throws Exception {
    kit.backup();
    atMost(0, kit.coordinator.sealedBytes(), "bytes stored");
    atMost(8, kit.coordinator.queries(), "queries");
    atMost(8, kit.coordinator.pagesRead(), "pages of the base read");
    atMost(0, kit.coordinator.chunksRead(), "chunks of the base read");
  }

  @Test
  void aDayOfChanges() throws Exception {
    for (int i = 0; i < FILES; i += 200) {
      kit.host.file(name(i), text(3_000, 1_000_000 + i));
    }
    byte[] content = database.content().clone();
    for (int page = 7; page < PAGES; page += 100) {
      content[page * PAGE + 3] ^= 1;
    }
    database.write(content);
    kit.backup();
    atMost(283_952, kit.coordinator.contentBytes(), "bytes of content sent");
    chunks(ChunkKind.BLOCK_MAP, 1);
    chunks(ChunkKind.PAGE, 8);
    atMost(87_052, kit.coordinator.plainBytes(ChunkKind.PAGE), "bytes of pages");
    atMost(154_847 + 2_048, kit.coordinator.sealedBytes(), "bytes stored");
    atMost(8, kit.coordinator.pagesRead(), "pages of the base read");
    atMost(1, kit.coordinator.chunksRead(), "chunks of the base read");
  }
}
