package io.holdfast.agent.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveIndexTest {
  private static final int SEGMENT_BYTES = 16 << 20;

  private static final WalSegment NEXT = new WalSegment(2, 11);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("made/on demand.segments");
  }

  private ArchiveIndex index() {
    return new ArchiveIndex(file(), SEGMENT_BYTES);
  }

  private static ArchiveIndex.Archived archived(int timeline, long number) {
    return new ArchiveIndex.Archived(new WalSegment(timeline, number), 1_700_000_000 + number, 42);
  }

  @Test
  void shouldReadBackWhatWasWrittenLast() {
    assertEquals(ArchiveIndex.Chain.NONE, index().read());
    index().write(List.of(archived(1, 7), archived(1, 8)), NEXT);
    List<ArchiveIndex.Archived> more = List.of(archived(1, 8), archived(1, 9), archived(2, 10));
    index().write(more, NEXT);
    assertEquals(new ArchiveIndex.Chain(more, Optional.of(NEXT)), index().read());
    index().write(List.of(), NEXT);
    assertEquals(new ArchiveIndex.Chain(List.of(), Optional.of(NEXT)), index().read());
  }

  @Test
  void shouldRefuseEveryTruncationAndEveryChangedLine() throws Exception {
    index().write(List.of(archived(1, 7), archived(1, 8)), NEXT);
    String whole = Files.readString(file());
    for (int length = 0; length < whole.length() - 1; length++) {
      Files.writeString(file(), whole.substring(0, length));
      assertDamaged();
    }
    Files.writeString(file(), whole.replace("0007 ", "0006 "));
    assertDamaged();
    Files.writeString(file(), whole.replace("archive 1", "archive 2"));
    assertDamaged();
  }

  private void assertDamaged() {
    HoldfastException damaged = assertThrows(HoldfastException.class, () -> index().read());
    assertEquals(ErrorCode.MALFORMED, damaged.code());
  }
}
