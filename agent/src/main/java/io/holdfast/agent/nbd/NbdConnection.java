package io.holdfast.agent.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The client's side of a disk that is shown by the NBD protocol (its fixed newstyle). Answers come
 * in the order of the questions: each is waited for. An interrupt closes it. One thread.
 */
public final class NbdConnection implements AutoCloseable {
  /**
   * A stretch of the disk of one kind.
   *
   * @param zeros whether it reads as zeros, be it a hole or said to be
   */
  public record Stretch(long start, long end, boolean zeros) {}

  private static final long SERVER_MAGIC = 0x4e42444d41474943L;
  private static final long OPTION_MAGIC = 0x49484156454f5054L;
  private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
  private static final int REQUEST_MAGIC = 0x25609513;
  private static final int SIMPLE_REPLY_MAGIC = 0x67446698;
  private static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

  private static final int FLAG_FIXED_NEWSTYLE = 1;
  private static final int FLAG_NO_ZEROES = 2;
  private static final int OPTION_GO = 7;
  private static final int OPTION_STRUCTURED_REPLY = 8;
  private static final int OPTION_SET_META_CONTEXT = 10;
  private static final int REPLY_ACK = 1;
  private static final int REPLY_INFO = 3;
  private static final int REPLY_META_CONTEXT = 4;
  private static final int REPLY_ERROR = 1 << 31;
  private static final int INFO_EXPORT = 0;
  private static final int COMMAND_READ = 0;
  private static final int COMMAND_DISCONNECT = 2;
  private static final int COMMAND_BLOCK_STATUS = 7;
  private static final int CHUNK_NONE = 0;
  private static final int CHUNK_DATA = 1;
  private static final int CHUNK_HOLE = 2;
  private static final int CHUNK_BLOCK_STATUS = 5;
  private static final int CHUNK_ERROR = 1 << 15;
  private static final int CHUNK_LAST = 1;
  private static final int STATE_ZERO = 2;
  private static final String ALLOCATION = "base:allocation";

  /** What every server takes in one question. */
  private static final int READ_BYTES_MAX = 1 << 20;

  private static final long STATUS_BYTES_MAX = 1L << 30;
  private static final int PAYLOAD_BYTES_MAX = 16 << 20;

  private final ByteChannel channel;
  private final ByteBuffer head = ByteBuffer.allocate(32);
  private boolean structured;
  private boolean tellsZeros;
  private long sizeBytes;
  private long handle;
  private Stretch last = new Stretch(0, 0, false);

  private NbdConnection(ByteChannel channel) {
    this.channel = channel;
  }

  /** Shakes hands over {@code channel}, which is closed with the connection. */
  public static NbdConnection open(ByteChannel channel) throws IOException {
    NbdConnection connection = new NbdConnection(channel);
    connection.greet();
    connection.structured = connection.ask(OPTION_STRUCTURED_REPLY, new byte[0]);
    connection.tellsZeros =
        connection.structured && connection.ask(OPTION_SET_META_CONTEXT, allocationQuery());
    if (!connection.ask(OPTION_GO, new byte[6])) {
      throw new IOException("the server shows no disk");
    }
    return connection;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  private void greet() throws IOException {
    ByteBuffer in = receive(18);
    if (in.getLong() != SERVER_MAGIC || in.getLong() != OPTION_MAGIC) {
      throw new IOException("the server doesn't speak NBD");
    }
    int flags = in.getShort();
    if ((flags & FLAG_FIXED_NEWSTYLE) == 0) {
      throw new IOException("the server speaks an NBD that is too old");
    }
    send(ByteBuffer.allocate(4).putInt(flags & (FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES)));
  }

  /** The export without a name, one query. */
  private static byte[] allocationQuery() {
    byte[] name = ALLOCATION.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(12 + name.length)
        .putInt(0)
        .putInt(1)
        .putInt(name.length)
        .put(name)
        .array();
  }

  /** Whether the server agreed. */
  private boolean ask(int option, byte[] data) throws IOException {
    send(
        ByteBuffer.allocate(16 + data.length)
            .putLong(OPTION_MAGIC)
            .putInt(option)
            .putInt(data.length)
            .put(data));
    boolean told = option != OPTION_SET_META_CONTEXT;
    while (true) {
      ByteBuffer in = receive(20);
      if (in.getLong() != OPTION_REPLY_MAGIC || in.getInt() != option) {
        throw new IOException("the server answered another option");
      }
      int reply = in.getInt();
      ByteBuffer payload = payload(in.getInt());
      if (reply == REPLY_ACK) {
        return told;
      }
      if ((reply & REPLY_ERROR) != 0) {
        return false;
      }
      told |= reply == REPLY_META_CONTEXT;
      if (reply == REPLY_INFO && payload.getShort() == INFO_EXPORT) {
        sizeBytes = payload.getLong();
      }
    }
  }

  /** Reads some of {@code length} bytes at {@code position}, one at least. */
  public int read(long position, byte[] into, int at, int length) throws IOException {
    int count = Math.min(length, READ_BYTES_MAX);
    request(COMMAND_READ, position, count);
    if (!structured) {
      simpleReply();
      receiveInto(ByteBuffer.wrap(into, at, count));
      return count;
    }
    for (Chunk chunk = chunk(); ; chunk = chunk()) {
      switch (chunk.type()) {
        case CHUNK_DATA -> {
          int offset = offset(chunk, position, count);
          int some = chunk.lengthBytes() - Long.BYTES;
          requireWithin(offset, some, count);
          receiveInto(ByteBuffer.wrap(into, at + offset, some));
        }
        case CHUNK_HOLE -> {
          int offset = offset(chunk, position, count);
          int some = receive(Integer.BYTES).getInt();
          requireWithin(offset, some, count);
          Arrays.fill(into, at + offset, at + offset + some, (byte) 0);
        }
        default -> pass(chunk);
      }
      if (chunk.isLast()) {
        return count;
      }
    }
  }

  private int offset(Chunk chunk, long position, int count) throws IOException {
    if (chunk.lengthBytes() < Long.BYTES) {
      throw new IOException("the server sent an answer that is too short");
    }
    long offset = receive(Long.BYTES).getLong() - position;
    if (offset < 0 || offset >= count) {
      throw new IOException("the server sent bytes that weren't asked for");
    }
    return (int) offset;
  }

  private static void requireWithin(int offset, int some, int count) throws IOException {
    if (some < 0 || some > count - offset) {
      throw new IOException("the server sent bytes that weren't asked for");
    }
  }

  /** What lies at {@code position}, at least one byte of it, and not beyond {@code end}. */
  public Stretch stretch(long position, long end) throws IOException {
    if (position >= last.start() && position < last.end()) {
      return last;
    }
    if (!tellsZeros) {
      return new Stretch(position, end, false);
    }
    long asked = Math.min(end - position, STATUS_BYTES_MAX);
    request(COMMAND_BLOCK_STATUS, position, (int) asked);
    Stretch first = null;
    for (Chunk chunk = chunk(); ; chunk = chunk()) {
      if (chunk.type() == CHUNK_BLOCK_STATUS && first == null) {
        first = first(payload(chunk.lengthBytes()), position, end);
      } else {
        pass(chunk);
      }
      if (chunk.isLast()) {
        last = first == null ? new Stretch(position, position + asked, false) : first;
        return last;
      }
    }
  }

  /** Equal neighbours count as one. */
  private static Stretch first(ByteBuffer payload, long position, long end) throws IOException {
    if (payload.remaining() < 12) {
      throw new IOException("the server sent a block status that is too short");
    }
    payload.getInt(); // the context: there is one
    long at = position;
    boolean zeros = false;
    while (payload.remaining() >= 8) {
      long length = Integer.toUnsignedLong(payload.getInt());
      boolean same = (payload.getInt() & STATE_ZERO) != 0;
      if (at > position && same != zeros) {
        break;
      }
      zeros = same;
      at += length;
    }
    if (at <= position) {
      throw new IOException("the server sent a block status of nothing");
    }
    return new Stretch(position, Math.min(at, end), zeros);
  }

  private record Chunk(int flags, int type, int lengthBytes) {
    boolean isLast() {
      return (flags & CHUNK_LAST) != 0;
    }
  }

  private void request(int command, long position, int length) throws IOException {
    handle++;
    send(
        ByteBuffer.allocate(28)
            .putInt(REQUEST_MAGIC)
            .putShort((short) 0)
            .putShort((short) command)
            .putLong(handle)
            .putLong(position)
            .putInt(length));
  }

  private void simpleReply() throws IOException {
    ByteBuffer in = receive(16);
    int magic = in.getInt();
    int error = in.getInt();
    requireReply(magic == SIMPLE_REPLY_MAGIC, in.getLong());
    if (error != 0) {
      throw new IOException("the server could not read it: error " + error);
    }
  }

  private Chunk chunk() throws IOException {
    ByteBuffer in = receive(20);
    int magic = in.getInt();
    int flags = in.getShort();
    int type = Short.toUnsignedInt(in.getShort());
    requireReply(magic == STRUCTURED_REPLY_MAGIC, in.getLong());
    int length = in.getInt();
    if (length < 0 || length > PAYLOAD_BYTES_MAX) {
      throw new IOException("the server sent an answer that is too long");
    }
    return new Chunk(flags, type, length);
  }

  private void requireReply(boolean magic, long answered) throws IOException {
    if (!magic || answered != handle) {
      throw new IOException("the server answered something that wasn't asked");
    }
  }

  /** A chunk that carries nothing of the answer; an error ends it. */
  private void pass(Chunk chunk) throws IOException {
    ByteBuffer payload = payload(chunk.lengthBytes());
    if ((chunk.type() & CHUNK_ERROR) != 0) {
      int error = payload.remaining() >= 4 ? payload.getInt() : 0;
      throw new IOException("the server could not read it: error " + error);
    }
    if (chunk.type() != CHUNK_NONE && chunk.type() != CHUNK_BLOCK_STATUS) {
      throw new IOException("the server answered in a way that wasn't agreed on");
    }
  }

  private ByteBuffer payload(int length) throws IOException {
    if (length < 0 || length > PAYLOAD_BYTES_MAX) {
      throw new IOException("the server sent an answer that is too long");
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    receiveInto(payload);
    return payload.flip();
  }

  private ByteBuffer receive(int length) throws IOException {
    head.clear().limit(length);
    receiveInto(head);
    return head.flip();
  }

  private void receiveInto(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the server ended the connection");
      }
    }
  }

  private void send(ByteBuffer message) throws IOException {
    message.flip();
    while (message.hasRemaining()) {
      channel.write(message);
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.isOpen()) {
        request(COMMAND_DISCONNECT, 0, 0);
      }
    }
  }
}
