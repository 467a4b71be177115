package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.ChunkRef;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A base page that can't be read costs its own range and nothing after it. */
class DamagedBaseTest {
  private static final int FILES = 4_000;
  private static final int FILE_BYTES = 500;

  private final BackupKit kit = new BackupKit();

  @AfterEach
  void close() {
    kit.close();
  }

  private void manyFiles() {
    for (int i = 0; i < FILES; i++) {
      kit.host.file(
          "srv/d%03d/f%05d".formatted(i / 50, i), BackupKit.noise(FILE_BYTES, i));
    }
  }

  private enum Harm {
    LOST,
    DAMAGED
  }

  private void harm(ChunkRef page, Harm harm) {
    switch (harm) {
      case LOST -> kit.coordinator.lose(page);
      case DAMAGED -> kit.coordinator.damage(page);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void aLeafThatCantBeReadShouldCostOnlyItsOwnFiles(int round) throws Exception {
    manyFiles();
    kit.backup();
    List<ChunkRef> leaves = kit.pages().getFirst();
    assertTrue(leaves.size() >= 6, () -> leaves.size() + " leaves");
    int victim = (leaves.size() - 1) * round / 5;
    Harm harm = round % 2 == 0 ? Harm.LOST : Harm.DAMAGED;
    harm(leaves.get(victim), harm);

    long before = kit.host.bytesRead();
    BackupResult healed = kit.backup();

    assertTrue(healed.isComplete());
    long read = kit.host.bytesRead() - before;
    assertTrue(read > 0 && read < FILES * FILE_BYTES / 3, () -> read + " bytes read");
    kit.verify();

    before = kit.host.bytesRead();
    kit.backup();
    assertEquals(before, kit.host.bytesRead());
    assertEquals(0, kit.coordinator.sealedBytes());
  }

  @Test
  void severalLostLeavesShouldCostTheirOwnFiles() throws Exception {
    manyFiles();
    kit.backup();
    List<ChunkRef> leaves = kit.pages().getFirst();
    for (int i = 1; i < leaves.size(); i += 4) {
      harm(leaves.get(i), i % 8 == 1 ? Harm.LOST : Harm.DAMAGED);
    }
    long before = kit.host.bytesRead();

    assertTrue(kit.backup().isComplete());

    long read = kit.host.bytesRead() - before;
    assertTrue(read > 0 && read < FILES * FILE_BYTES / 2, () -> read + " bytes read");
    kit.verify();
  }

  /** Long names that share little make index pages of few children. */
  private static String deepPath(int number) {
    StringBuilder path = new StringBuilder("srv");
    for (int level = 0; level < 5; level++) {
      path.append('/').append("%07d".formatted(number * 31 + level).repeat(30));
    }
    return path.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anIndexPageThatCantBeReadShouldCostOnlyWhatIsBelowIt(int position) throws Exception {
    for (int i = 0; i < 6_000; i++) {
      kit.host.file(deepPath(i), BackupKit.noise(60, i));
    }
    kit.backup();
    List<List<ChunkRef>> levels = kit.pages();
    assertTrue(levels.size() >= 2, () -> "only " + levels.size() + " levels below the root");
    List<ChunkRef> indexes = levels.get(1);
    assertTrue(indexes.size() >= 3, () -> indexes.size() + " index pages");
    harm(indexes.get((indexes.size() - 1) * position / 2), Harm.DAMAGED);
    long before = kit.host.bytesRead();

    assertTrue(kit.backup().isComplete());

    long read = kit.host.bytesRead() - before;
    assertTrue(read > 0 && read < 6_000 * 60 * 3 / 4, () -> read + " bytes read");
    kit.verify();
    before = kit.host.bytesRead();
    kit.backup();
    assertEquals(before, kit.host.bytesRead());
  }

  @Test
  void aLostRootShouldBeAsNoBase() throws Exception {
    manyFiles();
    kit.backup();
    kit.coordinator.lose(BackupKit.id(kit.coordinator.root()));
    long before = kit.host.bytesRead();

    assertTrue(kit.backup().isComplete());

    assertEquals(FILES * FILE_BYTES, kit.host.bytesRead() - before);
    kit.verify();
  }

  /** A file of many segments, whose leaves are lost one after another: only that range is read. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLostSegmentShouldBeReadAgainAlone(boolean mapped) throws Exception {
    int pageBytes = 4_096;
    byte[] content = new byte[(80 << 20) + (mapped ? 0 : 5)];
    // Every other page has data: holes make many extents, so many segments and leaves.
    for (int at = 0; at + pageBytes <= content.length; at += 2 * pageBytes) {
      byte[] noise = BackupKit.noise(16, at);
      System.arraycopy(noise, 0, content, at, noise.length);
    }
    kit.host.file("srv/a", BackupKit.noise(100, 1));
    kit.host.file("srv/sparse", content).makeSparse();
    kit.host.file("srv/z", BackupKit.noise(100, 2));
    kit.backup();
    kit.verify();
    List<ChunkRef> leaves = new ArrayList<>(kit.pages().getFirst());
    assertTrue(leaves.size() >= 2, () -> leaves.size() + " leaves");

    for (int victim = 0; victim < leaves.size(); victim++) {
      harm(kit.pages().getFirst().get(victim), Harm.LOST);
      BackupResult healed = kit.backup();
      assertTrue(healed.isComplete(), () -> healed.gaps().toString());
      kit.verify();
    }
    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
  }
}
