package io.holdfast.agent.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The protocol against a server that a test writes down beforehand, well behaved or not. */
@Timeout(30)
class NbdConnectionTest {
  /** Says what it was told to say, a few bytes at a time, whatever it is asked. */
  private static final class Script implements ByteChannel {
    private final ByteBuffer says;
    private boolean open = true;

    Script(Consumer<ByteBuffer> words) {
      ByteBuffer out = ByteBuffer.allocate(1 << 16);
      words.accept(out);
      says = out.flip();
    }

    @Override
    public int read(ByteBuffer into) {
      if (!says.hasRemaining()) {
        return -1;
      }
      int count = Math.min(Math.min(7, into.remaining()), says.remaining());
      for (int i = 0; i < count; i++) {
        into.put(says.get());
      }
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining();
      from.position(from.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }

  private static void greet(ByteBuffer out) {
    out.putLong(0x4e42444d41474943L).putLong(0x49484156454f5054L).putShort((short) 3);
  }

  private static void reply(ByteBuffer out, int option, int type, byte... payload) {
    out.putLong(0x3e889045565a9L).putInt(option).putInt(type).putInt(payload.length).put(payload);
  }

  private static byte[] export(long size) {
    return ByteBuffer.allocate(12).putShort((short) 0).putLong(size).putShort((short) 3).array();
  }

  /** A server that agrees to everything. */
  private static void agree(ByteBuffer out, long size) {
    greet(out);
    reply(out, 8, 1);
    reply(out, 10, 4, new byte[] {0, 0, 0, 1, 'x'});
    reply(out, 10, 1);
    reply(out, 7, 3, export(size));
    reply(out, 7, 1);
  }

  private static ByteBuffer chunk(ByteBuffer out, int flags, int type, long handle, int length) {
    return out.putInt(0x668e33ef)
        .putShort((short) flags)
        .putShort((short) type)
        .putLong(handle)
        .putInt(length);
  }

  private static NbdConnection open(Consumer<ByteBuffer> words) throws IOException {
    return NbdConnection.open(new Script(words));
  }

  @Test
  void shouldReadInPiecesAndHoles() throws IOException {
    NbdConnection disk =
        open(out -> {
          agree(out, 1_000);
          chunk(out, 0, 1, 1, 8 + 3).putLong(103).put(new byte[] {3, 4, 5});
          chunk(out, 0, 2, 1, 12).putLong(106).putInt(2);
          chunk(out, 0, 1, 1, 8 + 3).putLong(100).put(new byte[] {0, 1, 2});
          chunk(out, 1, 0, 1, 0);
        });
    assertEquals(1_000, disk.sizeBytes());
    byte[] into = new byte[10];
    Arrays.fill(into, (byte) 9);
    assertEquals(8, disk.read(100, into, 1, 8));
    assertArrayEquals(new byte[] {9, 0, 1, 2, 3, 4, 5, 0, 0, 9}, into);
  }

  @Test
  void shouldReadFromAServerOfSimpleReplies() throws IOException {
    NbdConnection disk =
        open(out -> {
          greet(out);
          reply(out, 8, (1 << 31) | 1);
          reply(out, 7, 3, export(500));
          reply(out, 7, 1);
          out.putInt(0x67446698).putInt(0).putLong(1).put(new byte[] {1, 2});
          out.putInt(0x67446698).putInt(5).putLong(2);
        });
    byte[] into = new byte[2];
    assertEquals(2, disk.read(0, into, 0, 2));
    assertArrayEquals(new byte[] {1, 2}, into);
    assertEquals(new NbdConnection.Stretch(7, 500, false), disk.stretch(7, 500));
    IOException error = assertThrows(IOException.class, () -> disk.read(0, into, 0, 2));
    assertTrue(error.getMessage().contains("error 5"), error.getMessage());
  }

  @Test
  void shouldTellStretchesOfZerosAndAskOnceForEach() throws IOException {
    NbdConnection disk =
        open(out -> {
          agree(out, 1_000);
          chunk(out, 0, 5, 1, 4 + 3 * 8)
              .putInt(1)
              .putInt(100)
              .putInt(3)
              .putInt(50)
              .putInt(2)
              .putInt(10)
              .putInt(0);
          chunk(out, 1, 0, 1, 0);
        });
    NbdConnection.Stretch zeros = new NbdConnection.Stretch(0, 150, true);
    assertEquals(zeros, disk.stretch(0, 1_000));
    assertEquals(zeros, disk.stretch(149, 1_000));
  }

  @Test
  void shouldBelieveNothingThatWasNotAsked() throws IOException {
    for (Consumer<ByteBuffer> lie :
        Arrays.<Consumer<ByteBuffer>>asList(
            out -> chunk(out, 1, 1, 2, 9).putLong(100).put((byte) 1), // another handle
            out -> chunk(out, 1, 1, 1, 9).putLong(99).put((byte) 1), // before
            out -> chunk(out, 1, 1, 1, 9).putLong(108).put((byte) 1), // behind
            out -> chunk(out, 1, 1, 1, 8 + 9).putLong(100).put(new byte[9]), // too much
            out -> chunk(out, 1, 2, 1, 12).putLong(100).putInt(-1), // a hole of less than nothing
            out -> chunk(out, 1, 2, 1, 12).putLong(104).putInt(5), // a hole too large
            out -> chunk(out, 1, 1, 1, 3).put(new byte[3]), // no offset
            out -> chunk(out, 1, 1, 1, Integer.MAX_VALUE).putLong(100), // for ever
            out -> chunk(out, 1, 77, 1, 0), // of no kind
            out -> chunk(out, 1, 1 << 15, 1, 6).putInt(5).putShort((short) 0), // an error
            out -> out.putInt(0x12345678).putLong(0).putLong(0), // another language
            out -> {} // silence
            )) {
      NbdConnection disk =
          open(out -> {
            agree(out, 1_000);
            lie.accept(out);
          });
      assertThrows(IOException.class, () -> disk.read(100, new byte[8], 0, 8));
    }
  }

  @Test
  void shouldRefuseWhatIsNoServer() {
    assertThrows(IOException.class, () -> open(out -> out.put(new byte[18])));
    assertThrows(
        IOException.class,
        () ->
            open(out ->
                out.putLong(0x4e42444d41474943L).putLong(0x49484156454f5054L).putShort((short) 0)));
    assertThrows(
        IOException.class,
        () ->
            open(out -> {
              greet(out);
              reply(out, 8, 1);
              reply(out, 10, 1);
              reply(out, 7, (1 << 31) | 6);
            }));
  }
}
