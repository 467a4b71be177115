package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.Form;
import io.holdfast.common.id.ChunkKind;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases, images and logs: what a day's change of a large file costs. */
class ChangedInPlaceTest {
  private static final int BLOCK = 8 << 10;
  private static final int SIZE = 32 << 20;
  private static final String PATH = "srv/data.db";

  private final BackupKit kit = new BackupKit();
  private MemoryHost.MemoryFile file;

  @AfterEach
  void close() {
    kit.close();
  }

  private byte[] firstBackup(int size) throws Exception {
    kit.host.file("srv/before", BackupKit.noise(3_000, 1));
    file = kit.host.file(PATH, BackupKit.noise(size, 2));
    kit.host.file("srv/later", BackupKit.noise(3_000, 3));
    kit.backup();
    return file.content().clone();
  }

  /** Backs up {@code content}, checks it, and returns the bytes of content stored. */
  private long stored(byte[] content) throws Exception {
    file.write(content);
    BackupResult result = kit.backup();
    assertTrue(result.isComplete(), () -> result.gaps().toString());
    kit.verify();
    return kit.coordinator.contentBytes();
  }

  private boolean isMapped() {
    return ((Form.RegularFile) kit.node(PATH).form()).first().blockMap().isPresent();
  }

  private static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static void change(byte[] content, int block, long seed) {
    byte[] noise = BackupKit.noise(100, seed);
    System.arraycopy(noise, 0, content, block * BLOCK + 50, noise.length);
  }

  @Test
  void shouldStoreTheChangedBlocksAndNoOthers() throws Exception {
    byte[] content = firstBackup(SIZE);
    assertTrue(isMapped());
    for (int block : new int[] {0, 7, 8, 9, 1_000, SIZE / BLOCK - 1}) {
      change(content, block, block);
    }
    assertEquals(6 * BLOCK, stored(content));
  }

  @Test
  void aFileThatLooksLikeNoDatabaseShouldGetItsMapAtTheFirstChange() throws Exception {
    byte[] content = firstBackup(SIZE + 1);
    assertTrue(!isMapped());
    change(content, 77, 1);
    assertTrue(stored(content) < 5 << 20);
    assertTrue(isMapped());
    change(content, 99, 2);
    assertEquals(BLOCK, stored(content));
  }

  @Test
  void growingShouldCostWhatWasAdded() throws Exception {
    byte[] content = firstBackup(SIZE);
    byte[] longer = joined(content, BackupKit.noise(5 << 20, 9));
    assertEquals(5 << 20, stored(longer));
    byte[] little = joined(longer, BackupKit.noise(100, 10));
    assertEquals(100, stored(little));
    byte[] more = joined(little, BackupKit.noise(20_000, 11));
    assertEquals(20_100, stored(more));
  }

  @Test
  void shrinkingShouldCostNothing() throws Exception {
    byte[] content = firstBackup(SIZE);
    assertEquals(0, stored(Arrays.copyOf(content, SIZE - (5 << 20))));
    int ragged = SIZE - (9 << 20) - 777;
    assertEquals(BLOCK - 777 % BLOCK, stored(Arrays.copyOf(content, ragged)));
  }

  @Test
  void aLogThatIsRotatedShouldCostWhatIsWritten() throws Exception {
    byte[] content = firstBackup(SIZE);
    assertEquals(0, stored(new byte[0]));
    byte[] grown = BackupKit.noise(100_000, 20);
    assertEquals(100_000, stored(grown));
    byte[] large = joined(grown, BackupKit.noise(6 << 20, 21));
    assertEquals(large.length, stored(large));
    byte[] larger = joined(large, BackupKit.noise(1 << 20, 22));
    assertTrue(stored(larger) < 5 << 20);
    assertEquals(SIZE, content.length);
  }

  /** Every block is another one; where content says chunks are cut it is the same. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 4_097, 1_000_000})
  void bytesPutInFrontShouldNotCostTheWholeFile(int count) throws Exception {
    byte[] content = firstBackup(SIZE);
    long cost = stored(joined(BackupKit.noise(count, 30), content));
    assertTrue(cost < count + (8 << 20), () -> cost + " bytes stored for " + count);
    assertTrue(isMapped());
  }

  @Test
  void bytesTakenOutInTheMiddleShouldNotCostTheRest() throws Exception {
    byte[] content = firstBackup(SIZE);
    byte[] head = Arrays.copyOf(content, SIZE / 2 + 11);
    byte[] tail = Arrays.copyOfRange(content, SIZE / 2 + 12_345, SIZE);
    long cost = stored(joined(head, tail));
    assertTrue(cost < 6 << 20, () -> cost + " bytes stored");
  }

  @Test
  void aCopyRenamedOverItShouldCostNothing() throws Exception {
    byte[] content = firstBackup(SIZE);
    byte[] other = joined(BackupKit.noise(4_096, 40), content);
    kit.host.file("srv/copy", other);
    kit.backup();
    long cost = stored(other);
    assertTrue(cost < 5 << 20, () -> cost + " bytes stored");
  }

  @Test
  void holesThatMoveShouldStayHoles() throws Exception {
    byte[] content = new byte[SIZE];
    System.arraycopy(BackupKit.noise(1 << 20, 50), 0, content, 4 << 20, 1 << 20);
    System.arraycopy(BackupKit.noise(20_000, 51), 0, content, 20 << 20, 20_000);
    file = kit.host.file(PATH, content);
    file.makeSparse();
    kit.backup();
    kit.verify();
    assertEquals((1 << 20) + 20_480, kit.coordinator.contentBytes());

    byte[] moved = new byte[SIZE];
    System.arraycopy(content, 4 << 20, moved, 4 << 20, 1 << 20);
    System.arraycopy(content, 20 << 20, moved, (24 << 20) + BLOCK, 20_000);
    assertEquals(3 * BLOCK, stored(moved));
    assertEquals(0, stored(new byte[SIZE]));
    assertEquals(1, kit.extents(PATH));
  }

  @Test
  void shouldHoldNoMoreThanItsBuffers() throws Exception {
    byte[] content = firstBackup(SIZE);
    long cost = stored(BackupKit.noise(SIZE, 60)); // all of it changed: one long run
    assertEquals(SIZE, cost);
    assertEquals(SIZE, content.length);
  }

  /** Such a run ends between two blocks only at its end, once a chunk was cut off in front. */
  @Test
  void aLongRunThatIsCutNowhereShouldFitItsBuffers() throws Exception {
    firstBackup(SIZE);
    byte[] even = new byte[12 << 20];
    Arrays.fill(even, (byte) 1);
    byte[] content = joined(BackupKit.noise(SIZE - even.length - 777, 70), even);
    assertTrue(stored(content) <= content.length);
  }

  /** The bound on extents, by rewriting at most 2 % of the logical bytes a run. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void twentyGenerationsShouldStayWithinTheBounds(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] content = firstBackup(SIZE);
    int blocks = SIZE / BLOCK;
    int hot = blocks / 16; // the changes fall where the fragments already are
    long budget = Math.max(SIZE / Rewrites.SHARE, Rewrites.LEAST_BYTES);
    int most = 0;
    for (int generation = 1; generation <= 20; generation++) {
      content = content.clone();
      int changed = 0;
      boolean[] seen = new boolean[blocks];
      for (int i = 0; i < hot / 8; i++) {
        int block = random.nextInt(hot);
        change(content, block, random.nextLong());
        changed += seen[block] ? 0 : 1;
        seen[block] = true;
      }
      long cost = stored(content);
      long limit = (long) changed * BLOCK + budget;
      assertTrue(cost <= limit, () -> cost + " bytes stored, seed " + seed);
      assertTrue(kit.coordinator.plainBytes(ChunkKind.BLOCK_MAP) > 0);
      most = Math.max(most, kit.extents(PATH));
    }
    // Unbounded, nearly every block of the hot part would be an extent of its own.
    int bound = (int) ((long) hot * BLOCK / Rewrites.EXTENT_BYTES) + 2 * SIZE / (1 << 20);
    int found = most;
    assertTrue(found <= bound, () -> found + " extents, and " + bound + " allowed; seed " + seed);
  }
}
