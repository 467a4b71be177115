package io.holdfast.coordinator.notify;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.proto.stored.v1.AlarmMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The file of {@link Remembered} (proto/FORMAT.md, section 12):
 *
 * <pre>
 *  0  4  "HFAM"
 *  4  2  version, 1
 *  6  2  zero
 *  8  4  length n
 * 12  n  serialized AlarmMemory
 *  .  4  CRC-32C of all bytes before
 * </pre>
 *
 * <p>It is replaced as a whole: after a stop at any point it is the old one or the new one. One
 * thread at a time.
 */
public final class MemoryFile {
  private static final int MAGIC = 0x4846414d;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 12;
  private static final int CRC_BYTES = 4;
  private static final int BYTES_MAX = 64 << 20;

  private final FileSystem files;
  private final Path file;

  public MemoryFile(FileSystem files, Path file) {
    this.files = files;
    this.file = file;
  }

  /**
   * What it holds; nothing if there is none. IO if it can't be read, MALFORMED or UNKNOWN_VERSION
   * if it is no such file.
   */
  public Remembered read() {
    try {
      if (!files.exists(file)) {
        return Remembered.NOTHING;
      }
      return MemoryCodec.decode(AlarmMemory.parseFrom(body(readAll())));
    } catch (InvalidProtocolBufferException e) {
      throw malformed("its content doesn't parse");
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Makes the file hold {@code remembered}, durably. IO; the file is then as it was. */
  public void write(Remembered remembered) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      if (files.exists(fresh)) {
        files.delete(fresh);
      }
      try (WritableFile out = files.createFile(fresh)) {
        out.append(encode(MemoryCodec.encode(remembered).toByteArray()));
        out.sync();
      }
      files.replace(fresh, file);
      files.syncDirectory(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** Puts a file that can't be used out of the way, for whoever wants to look at it. IO. */
  void putAside() {
    try {
      files.replace(file, file.resolveSibling(file.getFileName() + ".damaged"));
    } catch (IOException e) {
      throw failed("put aside", e);
    }
  }

  private static ByteBuffer encode(byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + body.length + CRC_BYTES);
    out.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0).putInt(body.length);
    out.put(body);
    return out.putInt(crc(out.array(), out.position())).flip();
  }

  private byte[] body(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() < HEADER_BYTES + CRC_BYTES || in.getInt() != MAGIC) {
      throw malformed("it doesn't begin with HFAM");
    }
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          file + " has version " + version + ", this version of Holdfast reads " + VERSION);
    }
    int zero = in.getShort();
    int length = in.getInt();
    if (zero != 0 || length != in.remaining() - CRC_BYTES) {
      throw malformed("its length doesn't agree");
    }
    byte[] body = new byte[length];
    in.get(body);
    if (crc(bytes, HEADER_BYTES + length) != in.getInt()) {
      throw malformed("its checksum doesn't agree");
    }
    return body;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private byte[] readAll() throws IOException {
    try (ReadableFile in = files.openFile(file)) {
      if (in.size() > BYTES_MAX) {
        throw malformed("it has " + in.size() + " bytes");
      }
      ByteBuffer out = ByteBuffer.allocate((int) in.size());
      int read = 0;
      while (out.hasRemaining() && read >= 0) {
        read = in.read(out.position(), out);
      }
      byte[] bytes = new byte[out.position()];
      out.flip().get(bytes);
      return bytes;
    }
  }

  private HoldfastException malformed(String why) {
    return new HoldfastException(
        ErrorCode.MALFORMED, "the memory of alarms " + file + " is damaged: " + why);
  }

  private HoldfastException failed(String what, IOException cause) {
    return new HoldfastException(
        ErrorCode.IO,
        "the memory of alarms "
            + file
            + " can't be "
            + what
            + ": "
            + cause.getMessage()
            + "; check the local disk",
        cause);
  }
}
