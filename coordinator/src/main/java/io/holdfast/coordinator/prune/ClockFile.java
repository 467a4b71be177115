package io.holdfast.coordinator.prune;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.coordinator.retention.clock.ClockDoubt;
import io.holdfast.coordinator.retention.clock.ClockReading;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What this coordinator knows of its clock, on its own disk. Times and durations are milliseconds
 * (8 each):
 *
 * <pre>
 *  0  4  "HFCL"
 *  4  2  version, 1
 *  6  1  doubt: 0 none, 1 new, 2 forward, 3 backward, 4 unwatched,
 *       5 behind the journal
 *  7  1  zero
 *  8  8  what the wall clock showed last
 * 16  8  time of the journal's newest record then
 * 24  8  how far the clock ran ahead lately
 * 32  8  the newest time of the journal that was judged
 * 40  8  doubt: since
 * 48  8  doubt: by how much
 * 56  8  doubt: how long it has run evenly since
 * 64  4  CRC-32C of the 64 bytes before
 * </pre>
 *
 * <p>Whatever can't be read is as if it weren't there: the clock is doubted then, which is safe.
 * One thread.
 */
final class ClockFile {
  /** In the order of their numbers in the file, from 1 on. */
  private static final List<ClockDoubt.Cause> CAUSES =
      List.of(
          ClockDoubt.Cause.NEW,
          ClockDoubt.Cause.FORWARD,
          ClockDoubt.Cause.BACKWARD,
          ClockDoubt.Cause.UNWATCHED,
          ClockDoubt.Cause.BEHIND_JOURNAL);

  private static final int MAGIC = 0x4846434c;
  private static final int VERSION = 1;
  private static final int CHECKED_BYTES = 64;
  private static final int FILE_BYTES = 68;

  private final FileSystem files;
  private final Path file;

  ClockFile(FileSystem files, Path file) {
    this.files = files;
    this.file = file;
  }

  /** Empty if nothing was saved, or what was can't be read. */
  Optional<ClockStanding> read() {
    try {
      return files.exists(file) ? parse(readAll()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private byte[] readAll() throws IOException {
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

  static Optional<ClockStanding> parse(byte[] bytes) {
    if (bytes.length != FILE_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int cause = bytes[6];
    boolean isGood =
        in.getInt(0) == MAGIC
            && in.getShort(4) == VERSION
            && in.getInt(CHECKED_BYTES) == crc(bytes)
            && cause >= 0
            && cause <= CAUSES.size();
    if (!isGood) {
      return Optional.empty();
    }
    Instant wall = Instant.ofEpochMilli(in.getLong(8));
    Instant journal = Instant.ofEpochMilli(in.getLong(16));
    Optional<ClockDoubt> doubt =
        cause == 0
            ? Optional.empty()
            : Optional.of(
                new ClockDoubt(
                    CAUSES.get(cause - 1),
                    Instant.ofEpochMilli(in.getLong(40)),
                    Duration.ofMillis(in.getLong(48)),
                    Duration.ofMillis(in.getLong(56))));
    return Optional.of(
        new ClockStanding(
            new ClockReading(wall, 0, journal),
            Duration.ofMillis(in.getLong(24)),
            Instant.ofEpochMilli(in.getLong(32)),
            doubt));
  }

  static byte[] encode(ClockStanding standing) {
    ByteBuffer out = ByteBuffer.allocate(FILE_BYTES);
    int cause = standing.doubt().map(doubt -> CAUSES.indexOf(doubt.cause()) + 1).orElse(0);
    out.putInt(MAGIC).putShort((short) VERSION).put((byte) cause).put((byte) 0);
    out.putLong(standing.last().wall().toEpochMilli());
    out.putLong(standing.last().journal().toEpochMilli());
    out.putLong(standing.gained().toMillis());
    out.putLong(standing.judged().toEpochMilli());
    standing
        .doubt()
        .ifPresent(doubt -> {
          out.putLong(doubt.since().toEpochMilli());
          out.putLong(doubt.by().toMillis());
          out.putLong(doubt.ordinary().toMillis());
        });
    out.putInt(CHECKED_BYTES, crc(out.array()));
    return out.array();
  }

  /** Durable when this returns; IO. */
  void save(ClockStanding standing) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      if (files.exists(fresh)) {
        files.delete(fresh);
      }
      try (WritableFile out = files.createFile(fresh)) {
        out.append(ByteBuffer.wrap(encode(standing)));
        out.sync();
      }
      files.replace(fresh, file);
      files.syncDirectory(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO,
          "the clock's memory "
              + file
              + " can't be written: "
              + e.getMessage()
              + "; check the local disk",
          e);
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKED_BYTES);
    return (int) crc.getValue();
  }
}
