package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.PowerLoss;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadMemoryTest {
  private static final Path FILE = Path.of("/head");
  private static final ManualTime TIME = TestFleet.clock();

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

  @ParameterizedTest
  @EnumSource(PowerLoss.class)
  void shouldKeepAMarkThroughAPowerCutAtAnyPointOfItsReplacement(PowerLoss loss) {
    for (int operations = 0; operations < 12; operations++) {
      HeadMemory memory = open();
      memory.remember(mark(10 + operations));
      memory.save();
      memory.remember(mark(1000));
      disk.goDarkAfter(operations);
      try {
        memory.save();
      } catch (HoldfastException expected) {
        assertEquals(ErrorCode.IO, expected.code());
      }
      disk.cutPower(loss);
      files = disk.mount();
      long kept = open().seen().orElseThrow().slot().seq();
      assertTrue(kept == 10 + operations || kept == 1000, "kept " + kept);
      if (kept == 1000) {
        return;
      }
    }
  }

  @Test
  void shouldWriteAtMostOnceASecondOfItself() {
    ManualTime time = TestFleet.clock();
    HeadMemory memory = HeadMemory.open(files, FILE, time);
    memory.remember(mark(1));
    assertEquals(Optional.empty(), open().seen());
    time.advance(Duration.ofSeconds(1));
    memory.remember(mark(2));
    assertEquals(Optional.of(mark(2)), open().seen());
    memory.remember(mark(3));
    assertEquals(Optional.of(mark(2)), open().seen());
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
    assertEquals(ErrorCode.MALFORMED, assertThrows(HoldfastException.class, this::open).code());
    disk.damage(FILE, bytes -> new byte[0]);
    assertEquals(ErrorCode.MALFORMED, assertThrows(HoldfastException.class, this::open).code());
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
