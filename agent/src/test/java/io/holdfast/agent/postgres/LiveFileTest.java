package io.holdfast.agent.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a server works on while they are read. */
class LiveFileTest {
  private static final Instant BEGUN = Instant.ofEpochSecond(1_000_000);

  @TempDir Path directory;

  /** A file that changes as the test says. */
  private static final class Restless implements SourceFile {
    private byte[] bytes = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private Instant changed = BEGUN.minusSeconds(60);
    private GapReason failure;

    private void fail() throws SourceFailure {
      if (failure != null) {
        throw new SourceFailure(Gap.of(failure), "as the test says");
      }
    }

    @Override
    public Stamp stamp() throws SourceFailure {
      fail();
      return new Stamp(
          bytes.length,
          changed.getEpochSecond(),
          changed.getNano(),
          changed.getEpochSecond(),
          changed.getNano());
    }

    @Override
    public int read(long position, byte[] into, int at, int length) throws SourceFailure {
      fail();
      int count = (int) Math.min(length, bytes.length - position);
      if (count <= 0) {
        return -1;
      }
      System.arraycopy(bytes, (int) position, into, at, count);
      return count;
    }

    @Override
    public long nextData(long position) {
      throw new AssertionError("a live file isn't asked for holes");
    }

    @Override
    public long nextHole(long position) {
      throw new AssertionError("a live file isn't asked for holes");
    }

    @Override
    public void close() {}
  }

  private final Restless restless = new Restless();

  private LiveFile live() {
    EntryPath path = EntryPath.of(directory.resolve("file").toString().substring(1));
    return new LiveFile(restless, path, 10, BEGUN);
  }

  private static String content(LiveFile file) throws SourceFailure {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] some = new byte[4];
    long position = 0;
    for (int count = file.read(0, some, 0, 4);
        count >= 0;
        count = file.read(position, some, 0, 4)) {
      out.write(some, 0, count);
      position += count;
    }
    return out.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void shouldKeepTheSizeThatTheWalkSaw() throws Exception {
    restless.bytes = Arrays.copyOf(restless.bytes, 12);
    LiveFile file = live();
    SourceFile.Stamp before = file.stamp();
    assertEquals(10, before.sizeBytes());
    restless.bytes = Arrays.copyOf(restless.bytes, 3);
    restless.changed = BEGUN.plusSeconds(1);
    assertEquals("012\0\0\0\0\0\0\0", content(file));
    restless.bytes = "abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII);
    assertEquals("abcdefghij", content(file));
    assertEquals(before, file.stamp());
  }

  @Test
  void shouldTrustOnlyTimesFromBeforeTheBackup() throws Exception {
    assertEquals(BEGUN.minusSeconds(60).getEpochSecond(), live().stamp().ctimeSeconds());
    restless.changed = BEGUN.minus(LiveFile.GRAIN).minusNanos(1);
    assertEquals(restless.changed.get(ChronoField.NANO_OF_SECOND), live().stamp().ctimeNanos());
    for (Instant young : new Instant[] {BEGUN.minus(LiveFile.GRAIN), BEGUN, BEGUN.plusSeconds(9)}) {
      restless.changed = young;
      SourceFile.Stamp stamp = live().stamp();
      assertEquals(0, stamp.ctimeSeconds());
      assertEquals(0, stamp.ctimeNanos());
      assertEquals(young.getEpochSecond(), stamp.mtimeSeconds());
    }
  }

  @Test
  void shouldBeEmptyWhereTheServerRemovedIt() throws Exception {
    restless.failure = GapReason.VANISHED;
    LiveFile file = live();
    assertEquals(0, file.stamp().sizeBytes());
    assertEquals("", content(file));
  }

  @Test
  void shouldHaveWhatItsSuccessorHas() throws Exception {
    restless.failure = GapReason.CHANGED_WHILE_READ;
    Files.writeString(directory.resolve("file"), "successor");
    LiveFile file = live();
    assertEquals(9, file.stamp().sizeBytes());
    assertEquals("successor", content(file));
    Files.delete(directory.resolve("file"));
    assertEquals("", content(live()));
  }

  @Test
  void shouldNotHideThatItCannotBeRead() {
    restless.failure = GapReason.INPUT_OUTPUT_ERROR;
    SourceFailure failure = assertThrows(SourceFailure.class, () -> live().stamp());
    assertEquals(GapReason.INPUT_OUTPUT_ERROR, failure.gap().reason());
  }

  @Test
  void shouldHaveNoHoles() throws Exception {
    LiveFile file = live();
    assertEquals(3, file.nextData(3));
    assertEquals(10, file.nextHole(3));
    assertEquals(-1, file.nextData(10));
    assertArrayEquals(
        new byte[] {'9'}, content(file).substring(9).getBytes(StandardCharsets.US_ASCII));
  }
}
