package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content whose length nobody knows before its end. */
class StreamTest {
  private static final EntryPath PATH = EntryPath.of("dump.sql");
  private static final int MIB = 1 << 20;

  private final BackupKit kit = new BackupKit();
  private int closed;

  @AfterEach
  void close() {
    kit.close();
  }

  /** A stream of {@code content} in pieces of odd sizes, which may break off. */
  private final class Pieces implements SourceStream {
    private final byte[] content;
    private final Optional<HoldfastException> end;
    private int position;

    Pieces(byte[] content, Optional<HoldfastException> end) {
      this.content = content;
      this.end = end;
    }

    @Override
    public int read(byte[] into, int at, int length) {
      if (position == content.length) {
        if (end.isPresent()) {
          throw end.get();
        }
        return -1;
      }
      int count = Math.min(Math.min(length, 70_001), content.length - position);
      System.arraycopy(content, position, into, at, count);
      position += count;
      return count;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private SourceCursor cursor(SourceStream stream) {
    StreamItem only = new StreamItem(PATH, new Metadata(0600, 0, 0, 7, 0, 0, 0, 0), stream);
    return new SourceCursor() {
      private SourceItem next = only;

      @Override
      public SourceItem next() {
        SourceItem given = next;
        next = null;
        return given;
      }

      @Override
      public void close() {}
    };
  }

  private BackupResult backup(byte[] content) throws InterruptedException {
    return kit.backup("command dump dump.sql", cursor(new Pieces(content, Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 200_000, 256 << 10, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 23 * MIB + 5})
  void shouldComeBackByteForByte(int length) throws InterruptedException {
    byte[] content = BackupKit.noise(length, length);
    BackupResult result = backup(content);
    assertTrue(result.isComplete());
    assertEquals(length, result.counters().bytes());
    assertEquals(1, result.counters().files());
    assertArrayEquals(content, kit.restore().get(PATH));
    assertEquals(1, closed);
  }

  @Test
  void shouldStoreOnlyWhatIsNewOfALongerOne() throws InterruptedException {
    byte[] content = BackupKit.noise(30 * MIB, 1);
    backup(content);
    byte[] longer = Arrays.copyOf(content, content.length + MIB);
    System.arraycopy(BackupKit.noise(MIB, 2), 0, longer, content.length, MIB);
    // And something is put in near the beginning: everything behind it moves.
    byte[] moved = new byte[longer.length + 100];
    System.arraycopy(longer, 0, moved, 0, 2 * MIB);
    System.arraycopy(longer, 2 * MIB, moved, 2 * MIB + 100, longer.length - 2 * MIB);

    BackupResult second = backup(moved);

    assertArrayEquals(moved, kit.restore().get(PATH));
    assertTrue(
        second.counters().uploadedPlainBytes() < 12 * MIB,
        second.counters().uploadedPlainBytes() + " bytes");
  }

  @Test
  void shouldCommitNothingOfOneThatBreaksOff() throws InterruptedException {
    byte[] before = BackupKit.noise(MIB, 3);
    backup(before);
    HoldfastException broke =
        new HoldfastException(ErrorCode.HOOK_FAILED, "it ended with status 1");
    HoldfastException thrown =
        assertThrows(
            HoldfastException.class,
            () ->
                kit.backup(
                    "command dump dump.sql",
                    cursor(new Pieces(BackupKit.noise(20 * MIB, 4), Optional.of(broke)))));
    assertEquals(ErrorCode.HOOK_FAILED, thrown.code());
    assertArrayEquals(before, kit.restore().get(PATH));
    assertEquals(2, closed);
  }
}
