package io.holdfast.coordinator.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.PowerLoss;
import io.holdfast.coordinator.alarm.AlarmChange.Event;
import io.holdfast.coordinator.alarm.Incident;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryFileTest {
  private static final Path FILE = Path.of("/alarms");

  private final LossyDisk disk = LossyDisk.seeded(1);
  private FileSystem files = disk.mount();

  private static Remembered remembered(String host) {
    return new Remembered(
        List.of(Notices.overdue(host)),
        List.of(new Incident(Notices.overdue("clone of " + host), Notices.MONDAY.plusSeconds(9))),
        Map.of("webhook", List.of(Notices.notice(Notices.change(Event.CHANGED, host)).after(2))),
        Map.of("nightly", new Pinged(Optional.of(Notices.MONDAY), false)));
  }

  private MemoryFile file() {
    return new MemoryFile(files, FILE);
  }

  @Test
  void shouldRememberNothingAtFirstAndAllAfterwards() {
    assertEquals(Remembered.NOTHING, file().read());
    file().write(remembered("web"));
    assertEquals(remembered("web"), file().read());
    file().write(remembered("db"));
    assertEquals(remembered("db"), file().read());
  }

  @ParameterizedTest
  @EnumSource(PowerLoss.class)
  void shouldBeTheOldOneOrTheNewOneAfterAPowerCut(PowerLoss loss) {
    for (int operations = 0; operations < 12; operations++) {
      file().write(remembered("old"));
      disk.goDarkAfter(operations);
      try {
        file().write(remembered("new"));
      } catch (HoldfastException expected) {
        assertEquals(ErrorCode.IO, expected.code());
      }
      disk.cutPower(loss);
      files = disk.mount();
      Remembered kept = file().read();
      assertTrue(kept.equals(remembered("old")) || kept.equals(remembered("new")));
    }
  }

  @Test
  void shouldRefuseWhatIsDamagedOrOfAnotherVersion() throws IOException {
    file().write(remembered("web"));
    byte[] good = MemoryFiles.bytes(files, FILE);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      put(bad);
      HoldfastException thrown = assertThrows(HoldfastException.class, () -> file().read());
      boolean version = at == 4 || at == 5;
      assertEquals(
          version ? ErrorCode.UNKNOWN_VERSION : ErrorCode.MALFORMED, thrown.code(), "byte " + at);
    }
    for (int length = 0; length < good.length; length++) {
      put(java.util.Arrays.copyOf(good, length));
      assertThrows(HoldfastException.class, () -> file().read());
    }
  }

  private void put(byte[] bytes) throws IOException {
    files.delete(FILE);
    try (WritableFile out = files.createFile(FILE)) {
      out.append(ByteBuffer.wrap(bytes));
      out.sync();
    }
    files.syncDirectory(Path.of("/"));
  }
}
