package io.holdfast.coordinator.catalog.rebuild;

import static io.holdfast.coordinator.catalog.JournalScript.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.RandomJournal;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same with real files: checkpoints and damage of RocksDB's own. */
class RocksRebuildTest {
  private static final StoreFactory ROCKS =
      StoreFactory.rocks(new RocksConfig(4 << 20, 1 << 20, 64, 1));

  @TempDir Path directory;

  @Test
  void shouldComeBackFromACheckpoint() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint first = fixture.checkpoint();
    fixture.journal.record(token(7));
    WrittenCheckpoint second = fixture.checkpoint();
    assertTrue(
        second.manifest().getFilesList().stream()
            .anyMatch(first.manifest().getFilesList()::contains),
        "checkpoints share what didn't change");
    assertTrue(fixture.opener().verify(second, fixture.journal));
    fixture.wipe();
    assertEquals(Origin.CHECKPOINT, fixture.reopen());
    assertEquals(Origin.DIRECTORY, fixture.reopen());
  }

  /** One file of each kind; a flipped byte may go unseen only where it changes nothing. */
  @ParameterizedTest
  @EnumSource(DamageKind.class)
  void aDamagedDirectoryShouldBeRebuiltOrReadTheSame(DamageKind damage) throws IOException {
    RebuildFixture fixture = fixture();
    fixture.reopen();
    for (String kind : List.of("CURRENT", "MANIFEST", "OPTIONS", "IDENTITY", ".sst")) {
      damage.damage(files(kind).getFirst());
      reopenOrRebuild(fixture);
    }
    damage.damage(files(".sst").getLast());
    reopenOrRebuild(fixture);
  }

  /** As an owner does it: damage that only a reader meets leads to a rebuild. */
  private static void reopenOrRebuild(RebuildFixture fixture) {
    try {
      fixture.reopen();
    } catch (HoldfastException e) {
      assertEquals(ErrorCode.CATALOG_DAMAGED, e.code(), e.getMessage());
      try (OpenedCatalog rebuilt = fixture.opener().rebuild(fixture.journal)) {
        fixture.checkAtHead(rebuilt.catalog());
      }
    }
  }

  private List<Path> files(String kind) throws IOException {
    try (var files = Files.list(directory.resolve("state/db"))) {
      return files.filter(f -> f.getFileName().toString().contains(kind)).sorted().toList();
    }
  }

  private RebuildFixture fixture() {
    return new RebuildFixture(directory.resolve("state"), RandomJournal.of(13, 25), ROCKS);
  }
}
