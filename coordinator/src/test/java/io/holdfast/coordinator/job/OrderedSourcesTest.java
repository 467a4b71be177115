package io.holdfast.coordinator.job;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** An order makes sense, or says why it doesn't. */
final class OrderedSourcesTest {
  private static final HookCall HOOK = HookCall.newBuilder().setName("stop.sh").build();

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static BackupOrder.Builder files() {
    return BackupOrder.newBuilder().addSources(bytes("/etc"));
  }

  private static BackupOrder.Builder command(String name, String file) {
    return BackupOrder.newBuilder()
        .setCommand(CommandSource.newBuilder().setCommand(name).setFileName(file));
  }

  private static BackupOrder.Builder image(String path) {
    return BackupOrder.newBuilder()
        .setBlockImage(BlockImageSource.newBuilder().setPath(bytes(path)));
  }

  private static void assertTaken(BackupOrder.Builder order) {
    assertDoesNotThrow(() -> OrderedSources.check(order.build()));
  }

  private static void assertRefused(String why, BackupOrder.Builder order) {
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> OrderedSources.check(order.build()));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  @Test
  void shouldTakeOneSource() {
    assertTaken(files());
    assertTaken(command("dump.sh", "db.sql"));
    assertTaken(image("/dev/vg/data"));
    assertRefused("at least one source", BackupOrder.newBuilder());
    assertRefused("not both", command("dump", "db").addSources(bytes("/etc")));
    assertRefused("not both", image("/dev/sda").addPatterns("*.tmp"));
    assertRefused("not an absolute path", image("sda"));
  }

  @Test
  void shouldTakeNamesAndNoPaths() {
    assertRefused("no file's name", command("../sh", "db"));
    assertRefused("no file's name", command("/bin/sh", "db"));
    assertRefused("no file's name", command("dump", "a/b"));
    assertRefused("no file's name", command("", "db"));
    assertRefused("no file's name", files().addBefore(HOOK.toBuilder().setName("a b")));
    assertRefused("no file's name", files().addAfter(HOOK.toBuilder().setName("..")));
    assertTaken(files().addBefore(HOOK).addAfter(HOOK));
    assertRefused("more than 32 hooks", files().addAllBefore(Collections.nCopies(33, HOOK)));
  }

  @Test
  void shouldTakeAPointInTimeForFiles() {
    assertTaken(files().setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_BTRFS));
    BackupOrder.Builder hook =
        files().setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_HOOK).setSnapshotHook("lvm");
    assertTaken(hook);
    assertRefused("go together", hook.clone().clearSnapshotHook());
    assertRefused("go together", files().setSnapshotHook("lvm"));
    assertRefused("no file's name", hook.clone().setSnapshotHook("a/b"));
    assertRefused(
        "only files", image("/dev/sda").setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_BTRFS));
  }
}
