package io.holdfast.coordinator.prune;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people delete, have back, and hold. */
class DeletionsTest {
  @TempDir Path directory;

  private PruneKit kit;
  private HostId host;
  private final List<SnapshotId> taken = new ArrayList<>();

  @BeforeEach
  void begin() throws InterruptedException {
    kit = new PruneKit(directory);
    host = kit.enrol("web");
    for (int n = 0; n < 5; n++) {
      taken.add(kit.take(host, "/etc"));
    }
  }

  @AfterEach
  void end() {
    kit.close();
  }

  private List<StoredSnapshot> stored(int... which) {
    List<StoredSnapshot> found = new ArrayList<>();
    for (int at : which) {
      found.add(kit.get(taken.get(at)));
    }
    return found;
  }

  private KeptSnapshot kept(int which) {
    return kit.ask(view -> view.snapshots().findKept(taken.get(which))).orElseThrow();
  }

  @Test
  void shouldAskFirstAndNameWhatWouldGo() {
    HoldfastException asked =
        assertCode(
            ErrorCode.CONFIRMATION_REQUIRED, () -> kit.deletions.delete(stored(1), false, "anna"));
    String id = taken.get(1).value().abbreviate(12);
    assertTrue(asked.getMessage().contains(id + " (web at "), asked.getMessage());
    assertTrue(asked.getMessage().contains("7d"), asked.getMessage());
    assertTrue(kit.isLive(taken.get(1)));
  }

  @Test
  void shouldDeleteWithAnUndoAndHaveItBack() throws InterruptedException {
    Deletions.Deleted deleted = kit.deletions.delete(stored(1, 1, 2), true, "anna");
    assertEquals(List.of(taken.get(1), taken.get(2)), deleted.snapshots());
    assertEquals(kit.fleet.time.now().plus(PruneKit.UNDO), deleted.undoUntil());
    assertTrue(kit.isDeleted(taken.get(1)) && kit.isDeleted(taken.get(2)));
    kit.pass(Duration.ofDays(100));
    assertEquals(List.of(taken.get(1)), kit.deletions.undelete(List.of(kept(1)), "bert"));
    assertTrue(kit.isLive(taken.get(1)), "nobody dropped it meanwhile");
    List<Change> audits = kit.fleet.journal.changes().stream().filter(Change::hasAudit).toList();
    assertTrue(audits.size() >= 2, "both acts are told");
  }

  @Test
  void allOfAHostShouldGoByOneWordAndBeApprovedByIt() throws InterruptedException {
    assertEquals(5, kit.deletions.delete(stored(0, 1, 2, 3, 4), true, "anna").snapshots().size());
    assertTrue(taken.stream().allMatch(kit::isDeleted));
    assertTrue(kit.fleet.journal.changes().stream().anyMatch(Change::hasRetentionApproved));
  }

  @Test
  void fewShouldLeaveNoApprovalBehind() throws InterruptedException {
    kit.deletions.delete(stored(0, 1), true, "anna");
    assertTrue(kit.fleet.journal.changes().stream().noneMatch(Change::hasRetentionApproved));
  }

  @Test
  void shouldRefuseAllIfOneIsHeld() throws InterruptedException {
    kit.holds.set("court", "", Set.of(taken.get(2)), "anna");
    HoldfastException refused =
        assertCode(ErrorCode.SNAPSHOT_HELD, () -> kit.deletions.delete(stored(1, 2), true, "anna"));
    assertTrue(refused.getMessage().contains("court"), refused.getMessage());
    assertTrue(taken.stream().allMatch(kit::isLive));
    kit.holds.release("court", true, "anna");
    kit.apply("servers", "/etc", "hold: audit 2026");
    assertTrue(
        assertCode(ErrorCode.SNAPSHOT_HELD, () -> kit.deletions.delete(stored(1), true, "anna"))
            .getMessage()
            .contains("audit 2026"));
  }

  @Test
  void shouldHaveBackNothingThatIsForgotten() throws InterruptedException {
    kit.deletions.delete(stored(1), true, "anna");
    KeptSnapshot deleted = kept(1);
    kit.pass(PruneKit.UNDO);
    assertEquals(1, kit.round().dropped());
    assertCode(
        ErrorCode.SNAPSHOT_NOT_FOUND, () -> kit.deletions.undelete(List.of(deleted), "anna"));
  }

  @Test
  void holdsShouldBeNamedListedAndReleasedByNameOrId() throws InterruptedException {
    Holds.Hold set = kit.holds.set("court", "case 7", Set.of(taken.get(0)), "anna");
    assertEquals("court", set.name());
    assertEquals("case 7", set.reason());
    assertEquals("anna", set.actor());
    assertCode(
        ErrorCode.INVALID_ARGUMENT, () -> kit.holds.set("court", "", Set.of(taken.get(1)), "anna"));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.holds.set("", "", Set.of(), "anna"));
    assertCode(ErrorCode.HOLD_NOT_FOUND, () -> kit.holds.release("tax", true, "anna"));
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> kit.holds.release("court", false, "anna"));
    List<Holds.Hold> listed = new ArrayList<>();
    kit.holds.list(listed::add);
    assertEquals(List.of(set), listed);
    String id = java.util.HexFormat.of().formatHex(set.id().toByteArray());
    assertEquals(set, kit.holds.release(id, true, "anna"));
    listed.clear();
    kit.holds.list(listed::add);
    assertEquals(List.of(), listed);
  }
}
