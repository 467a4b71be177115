package io.holdfast.agent.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Stretches of zeros are holes; everything that isn't zeros lies outside of holes. */
class ZeroHolesTest {
  private static final int GRAIN = ZeroHoles.GRAIN_BYTES;

  /** A disk without holes that counts what is read. */
  private static final class Disk implements SourceFile {
    private final byte[] content;
    private long read;

    Disk(byte[] content) {
      this.content = content;
    }

    @Override
    public Stamp stamp() {
      return new Stamp(content.length, 0, 0, 0, 0);
    }

    @Override
    public int read(long position, byte[] into, int at, int length) {
      if (position >= content.length) {
        return -1;
      }
      int count = (int) Math.min(Math.min(length, 300_000), content.length - position);
      System.arraycopy(content, (int) position, into, at, count);
      read += count;
      return count;
    }

    @Override
    public long nextData(long position) {
      return position < content.length ? position : -1;
    }

    @Override
    public long nextHole(long position) {
      return content.length;
    }

    @Override
    public void close() {}
  }

  /** As a backup reads: data to the next hole, hole to the next data. */
  private static byte[] readLikeABackup(ZeroHoles file, int size) throws SourceFailure {
    byte[] back = new byte[size];
    Arrays.fill(back, (byte) 0);
    long position = 0;
    while (position < size) {
      long data = file.nextData(position);
      if (data < 0) {
        return back;
      }
      assertTrue(data >= position);
      position = data;
      long end = Math.min(size, file.nextHole(position));
      assertTrue(end > position);
      while (position < end) {
        int count = file.read(position, back, (int) position, (int) (end - position));
        assertTrue(count > 0);
        position += count;
      }
    }
    return back;
  }

  @RepeatedTest(20)
  void shouldLoseNothingAndReadOnce(RepetitionInfo repetition) throws SourceFailure {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] content = new byte[9 * ZeroHoles.WINDOW_BYTES / 4 + random.nextInt(GRAIN)];
    for (int i = random.nextInt(30); i > 0; i--) {
      int from = random.nextInt(content.length);
      int length = Math.min(random.nextInt(3 * GRAIN), content.length - from);
      byte[] some = new byte[length];
      random.nextBytes(some);
      System.arraycopy(some, 0, content, from, length);
    }
    Disk disk = new Disk(content);
    assertArrayEquals(content, readLikeABackup(new ZeroHoles(disk), content.length));
    assertEquals(content.length, disk.read);
  }

  @Test
  void shouldSkipZerosByTheGrain() throws SourceFailure {
    byte[] content = new byte[ZeroHoles.WINDOW_BYTES + 10 * GRAIN];
    content[5 * GRAIN + 7] = 1;
    content[ZeroHoles.WINDOW_BYTES + GRAIN] = 1;
    ZeroHoles file = new ZeroHoles(new Disk(content));
    assertEquals(5 * GRAIN, file.nextData(0));
    assertEquals(6 * GRAIN, file.nextHole(5 * GRAIN));
    assertEquals(ZeroHoles.WINDOW_BYTES + GRAIN, file.nextData(6 * GRAIN));
    assertEquals(ZeroHoles.WINDOW_BYTES + 2 * GRAIN, file.nextHole(ZeroHoles.WINDOW_BYTES + GRAIN));
    assertEquals(-1, file.nextData(ZeroHoles.WINDOW_BYTES + 2 * GRAIN));
  }

  @Test
  void shouldFindNothingInAnEmptyDisk() throws SourceFailure {
    assertEquals(-1, new ZeroHoles(new Disk(new byte[3 * GRAIN])).nextData(0));
    assertEquals(-1, new ZeroHoles(new Disk(new byte[0])).nextData(0));
  }
}
