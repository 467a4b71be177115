package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.PowerLoss;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadMemoryTest {
  private static final Path FILE = Path.of("/head");
  private static final Time TIME = TestFleet.stoppedClock(0);

  private final LossyDisk disk = LossyDisk.seeded(1);
  private FileSystem files = disk.mount();

  private static JournalMark mark(long seq) {
    return new JournalMark(
        TestFleet.SITE,
        TestFleet.INCARNATION,
        new SlotHash(seq, new RecordHash(new Bytes32(seq, 2, 3, 4))));
  }

  private HeadMemory open() {
    return HeadMemory.open(files, FILE, TIME);
  }

  @Test
  void shouldRememberNothingAtFirstAndTheHighestAfterwards() {
    HeadMemory memory = open();
    assertEquals(Optional.empty(), memory.seen());
    memory.remember(mark(7));
    memory.remember(mark(5));
    memory.save();

    assertEquals(Optional.of(mark(7)), open().seen());
  }

  @Test
  void shouldKeepEitherTheOldOrTheNewMarkThroughAPowerCutAtAnyPoint() {
    HeadMemory memory = open();
    memory.remember(mark(1));
    memory.save();
    for (int after = 0; after < 8; after++) {
      HeadMemory next = open();
      next.remember(mark(2 + after));
      disk.goDarkAfter(after);
      try {
        next.save();
      } catch (HoldfastException expected) {
        assertEquals(ErrorCode.IO, expected.code());
      }
      long before = after + 1;
      disk.cutPower(PowerLoss.DROP_UNSYNCED);
      files = disk.mount();
      long seen = open().seen().orElseThrow().slot().seq();
      assertEquals(true, seen == before || seen == before + 1 || seen < before, "kept " + seen);
    }
  }

  @Test
  void shouldFailLoudlyWhereTheFileIsDamagedOrUnreadable() {
    HeadMemory memory = open();
    memory.remember(mark(7));
    memory.save();
    disk.damage(
        FILE,
        bytes -> {
          bytes[50] ^= 1;
          return bytes;
        });
    assertEquals(
        ErrorCode.MALFORMED, assertThrows(HoldfastException.class, this::open).code());
    disk.damage(FILE, bytes -> new byte[0]);
    assertEquals(
        ErrorCode.MALFORMED, assertThrows(HoldfastException.class, this::open).code());
    disk.arm(DiskFault.forever(FileOperation.OPEN_FILE, 1, DiskFault.Errno.EIO));
    assertEquals(ErrorCode.IO, assertThrows(HoldfastException.class, this::open).code());
  }

  @Test
  void shouldNameBothVersionsOfAMemoryFromTheFuture() {
    byte[] bytes = HeadMemory.encode(mark(7));
    bytes[5] = 9;
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> HeadMemory.parse(FILE, bytes));
    assertEquals(ErrorCode.UNKNOWN_VERSION, refused.code());
  }
}
