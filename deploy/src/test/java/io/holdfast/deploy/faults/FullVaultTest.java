package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault without room: the backup says so, what is there stays, and room is all that it takes. */
class FullVaultTest {
  @TempDir Path root;

  private final Seed seed = Seed.of(FullVaultTest.class);
  private DiskFleet fleet;
  private SeededSource source;
  private SnapshotId earlier;

  @BeforeEach
  void found() throws Exception {
    fleet = DiskFleet.found(root, seed.value());
    source = new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 24, 400_000);
    source.moveTo(0);
    earlier = fleet.backup(source.directory());
    source.moveTo(3);
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void shouldSayThatTheVaultIsFullAndGoOnWhenThereIsRoom() throws Exception {
    long used = fleet.usedBytes();
    for (long room : List.of(0L, 100L, 20_000L)) {
      fleet.disk.limitCapacity(used + room);
      HoldfastException told =
          assertThrows(HoldfastException.class, () -> fleet.backup(source.directory()));
      assertEquals(ErrorCode.VAULT_FULL, told.code(), told::toString);
      assertTrue(told.getMessage().contains("full"), told.getMessage());
      assertEquals(List.of(earlier), fleet.snapshots());
      fleet.checkRestores(earlier, source.directory(), source.tree(0));
    }
    fleet.disk.limitCapacity(Long.MAX_VALUE);
    fleet.awaitLeading();
    SnapshotId next = fleet.backup(source.directory());
    fleet.checkRestores(next, source.directory(), source.tree(3));
    fleet.checkRestores(earlier, source.directory(), source.tree(0));
    fleet.checkProven();
  }

  @Test
  void shouldSayThatTheVaultIsFullIfACoordinatorCannotStart() throws Exception {
    fleet.stop();
    fleet.disk.limitCapacity(fleet.usedBytes());
    HoldfastException told = assertThrows(HoldfastException.class, () -> fleet.start());
    assertEquals(ErrorCode.VAULT_FULL, told.code(), told::toString);
    fleet.disk.limitCapacity(Long.MAX_VALUE);
    fleet.start();
    SnapshotId next = fleet.backup(source.directory());
    fleet.checkRestores(next, source.directory(), source.tree(3));
    fleet.checkRestores(earlier, source.directory(), source.tree(0));
  }
}
