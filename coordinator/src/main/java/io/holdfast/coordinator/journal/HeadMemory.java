package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.SiteId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.Time;
import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The highest place this coordinator saw in its journal, on its own disk, so that a vault set back
 * to an earlier day is recognised (proto/FORMAT.md, section 6):
 *
 * <pre>
 *  0  4  "HFJM"
 *  4  2  version, 1
 *  6  2  zero
 *  8 16  site
 * 24 16  incarnation
 * 40  8  seq
 * 48 32  record hash
 * 80  4  CRC-32C of the 80 bytes before
 * </pre>
 *
 * <p>What is seen is remembered at once and written at most once a second and at {@link #save}:
 * after a crash the memory may be a second old, which weakens it and endangers nothing. A file that
 * can't be read is an error, never an empty memory. One owner thread.
 */
public final class HeadMemory {
  private static final int MAGIC = 0x48464a4d;
  private static final int VERSION = 1;
  private static final int CHECKED_BYTES = 80;
  private static final int FILE_BYTES = 84;
  private static final Duration WRITE_INTERVAL = Duration.ofSeconds(1);

  private final FileSystem files;
  private final Path file;
  private final Time time;
  private Optional<JournalMark> seen;
  private boolean unsaved;
  private long savedNanos;

  private HeadMemory(FileSystem files, Path file, Time time, Optional<JournalMark> seen) {
    this.files = files;
    this.file = file;
    this.time = time;
    this.seen = seen;
    this.savedNanos = time.nanos();
  }

  /**
   * Reads the memory; a missing file is one that remembers nothing.
   *
   * @throws HoldfastException IO if it can't be read, MALFORMED or UNKNOWN_VERSION if it is no
   *     memory
   */
  public static HeadMemory open(FileSystem files, Path file, Time time) {
    try {
      Optional<JournalMark> seen =
          files.exists(file) ? Optional.of(parse(file, readAll(files, file))) : Optional.empty();
      return new HeadMemory(files, file, time, seen);
    } catch (IOException e) {
      throw failed(file, "read", e);
    }
  }

  /** The highest place seen. */
  public Optional<JournalMark> seen() {
    return seen;
  }

  /**
   * Remembers {@code mark} if it is higher. Slots are never reused: the higher seq is the newer.
   *
   * @throws HoldfastException IO if it was time to write and that failed; it is remembered all the
   *     same, and written with a later one
   */
  public void remember(JournalMark mark) {
    if (seen.isPresent() && seen.get().slot().seq() >= mark.slot().seq()) {
      return;
    }
    seen = Optional.of(mark);
    unsaved = true;
    if (time.nanos() - savedNanos >= WRITE_INTERVAL.toNanos()) {
      save();
    }
  }

  /**
   * Makes what was seen durable.
   *
   * @throws HoldfastException IO
   */
  public void save() {
    if (!unsaved) {
      return;
    }
    savedNanos = time.nanos();
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      if (files.exists(fresh)) {
        files.delete(fresh);
      }
      try (WritableFile out = files.createFile(fresh)) {
        out.append(ByteBuffer.wrap(encode(seen.orElseThrow())));
        out.sync();
      }
      files.replace(fresh, file);
      files.syncDirectory(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw failed(file, "write", e);
    }
    unsaved = false;
  }

  static byte[] encode(JournalMark mark) {
    ByteBuffer out = ByteBuffer.allocate(FILE_BYTES);
    out.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0);
    out.put(mark.site().toByteArray()).put(mark.incarnation().toByteArray());
    out.putLong(mark.slot().seq()).put(mark.slot().hash().toByteArray());
    out.putInt(crc(out.array()));
    return out.array();
  }

  static JournalMark parse(Path file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < 6 || in.getInt() != MAGIC) {
      throw malformed(file, "it doesn't begin with HFJM");
    }
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          file + " has version " + version + ", this version of Holdfast reads " + VERSION);
    }
    if (bytes.length != FILE_BYTES || in.getShort() != 0) {
      throw malformed(file, "it has " + bytes.length + " bytes");
    }
    if (in.getInt(CHECKED_BYTES) != crc(bytes)) {
      throw malformed(file, "its checksum doesn't agree");
    }
    byte[] site = new byte[16];
    byte[] incarnation = new byte[16];
    in.get(site).get(incarnation);
    long seq = in.getLong();
    return new JournalMark(
        SiteId.of(site),
        IncarnationId.of(incarnation),
        new SlotHash(seq, new RecordHash(Bytes32.get(in))));
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKED_BYTES);
    return (int) crc.getValue();
  }

  private static byte[] readAll(FileSystem files, Path file) throws IOException {
    try (ReadableFile in = files.openFile(file)) {
      ByteBuffer out = ByteBuffer.allocate((int) Math.min(in.size(), FILE_BYTES + 1L));
      int read = 0;
      while (out.hasRemaining() && read >= 0) {
        read = in.read(out.position(), out);
      }
      byte[] bytes = new byte[out.position()];
      out.flip().get(bytes);
      return bytes;
    }
  }

  private static HoldfastException malformed(Path file, String why) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "the journal memory "
            + file
            + " is damaged ("
            + why
            + "): compare the vault with another coordinator's before removing the file");
  }

  private static HoldfastException failed(Path file, String what, IOException cause) {
    return new HoldfastException(
        ErrorCode.IO,
        "the journal memory "
            + file
            + " can't be "
            + (what.equals("read") ? "read" : "written")
            + ": "
            + cause.getMessage()
            + "; check the local disk",
        cause);
  }
}
