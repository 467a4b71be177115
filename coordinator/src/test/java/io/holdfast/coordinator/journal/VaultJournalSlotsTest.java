package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultJournalSlotsTest {
  private final LossyDisk disk = LossyDisk.seeded(1);
  private DirectoryVault vault;
  private VaultJournalSlots slots;

  @BeforeEach
  void open() {
    vault =
        DirectoryVault.create(
            disk.mount(), new SeededRandomness(1), Path.of("/vault"), TestFleet.REPOSITORY);
    slots = new VaultJournalSlots(vault);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @Test
  void shouldCreateASlotOnceAndReadItBack() {
    assertInstanceOf(SlotOutcome.Created.class, slots.create(1, new byte[] {1}));
    assertInstanceOf(SlotOutcome.Exists.class, slots.create(1, new byte[] {2}));
    assertArrayEquals(new byte[] {1}, slots.read(1).orElseThrow());
    assertEquals(Optional.empty(), slots.read(2));
    assertEquals("journal/00000000000000000042", VaultJournalSlots.nameOf(42).value());
  }

  @Test
  void shouldListTheHighestSlotAndPassOverWhatIsNone() {
    assertEquals(0, slots.highestListed(0));
    slots.create(1, new byte[] {1});
    slots.create(10, new byte[] {1});
    vault.create(ObjectName.of("journal/notes"), ByteBuffer.allocate(1));
    vault.create(ObjectName.of("journal/99999999999999999999"), ByteBuffer.allocate(1));
    assertEquals(10, slots.highestListed(0));
    assertEquals(10, slots.highestListed(1));
    assertEquals(11, slots.highestListed(11));
  }

  @Test
  void shouldShowATooLargeObjectAsOneThatIsNoRecord() {
    vault.create(
        VaultJournalSlots.nameOf(1), ByteBuffer.allocate(RecordCodec.RECORD_BYTES_MAX + 1));
    assertArrayEquals(new byte[0], slots.read(1).orElseThrow());
  }

  @Test
  void shouldSayFullOnlyForAFullVault() {
    slots.create(1, new byte[] {1});
    disk.arm(DiskFault.once(FileOperation.WRITE, 1, DiskFault.Errno.ENOSPC));
    assertInstanceOf(SlotOutcome.Full.class, slots.create(2, new byte[] {2}));
    disk.arm(DiskFault.once(FileOperation.WRITE, 1, DiskFault.Errno.EIO));
    assertInstanceOf(SlotOutcome.Unknown.class, slots.create(2, new byte[] {2}));
  }

  @Test
  void shouldTellAFailedSyncFromAnUnclearAnswer() {
    slots.create(1, new byte[] {1});
    disk.arm(DiskFault.once(FileOperation.SYNC_FILE, 1, DiskFault.Errno.EIO));
    assertInstanceOf(SlotOutcome.SyncFailed.class, slots.create(2, new byte[] {2}));
    disk.arm(DiskFault.once(FileOperation.SYNC_DIRECTORY, 1, DiskFault.Errno.EIO));
    assertInstanceOf(SlotOutcome.SyncFailed.class, slots.create(2, new byte[] {2}));
    assertInstanceOf(SlotOutcome.SyncFailed.class, slots.create(3, new byte[] {3}));
  }

  @Test
  void shouldThrowRatherThanReportAnUnreadableSlotAsEmpty() {
    slots.create(1, new byte[] {1});
    disk.arm(DiskFault.once(FileOperation.OPEN_FILE, 1, DiskFault.Errno.EIO));
    HoldfastException failed = assertThrows(HoldfastException.class, () -> slots.read(1));
    assertEquals(ErrorCode.VAULT_UNAVAILABLE, failed.code());
  }
}
