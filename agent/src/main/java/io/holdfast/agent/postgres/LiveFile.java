package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * A file of a cluster that is written to while it is read, which the log makes whole again. One
 * thread.
 *
 * <ul>
 *   <li>F1 It has the size with which the walk saw it: what was cut off meanwhile is zeros, what
 *       was added is left to the log.
 *   <li>F2 It is recorded with a ctime only if it was last changed before the backup began: a
 *       writer that was held up between the change of the times and that of the bytes has long
 *       finished then. Everything else is read again by the next run, and compared.
 *   <li>F3 A file that was removed is empty: its removal is in the log. One that was replaced has
 *       what its successor has.
 * </ul>
 */
final class LiveFile implements SourceFile {
  /** More than a file system's clock is coarse, and than a writer is held up. */
  static final Duration GRAIN = Duration.ofSeconds(5);

  private static final int SUCCESSOR_BYTES_MAX = 16 << 20;

  /** Of what is read once more by the next run in any case. */
  private static final Metadata NOTHING = new Metadata(0, 0, 0, 0, 0, 0, 0, 0);

  private final EntryPath path;
  private final long sizeBytes;
  private final Instant begun;
  private SourceFile file;
  private Stamp first;

  /**
   * Takes over {@code file}.
   *
   * @param path where it lies on the host
   * @param sizeBytes as the walk saw it
   * @param begun before the server began the backup
   */
  LiveFile(SourceFile file, EntryPath path, long sizeBytes, Instant begun) {
    this.file = file;
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.begun = begun;
  }

  @Override
  public Stamp stamp() throws SourceFailure {
    if (first == null) {
      first = ask();
    }
    return first;
  }

  private Stamp ask() throws SourceFailure {
    try {
      return recorded(file.stamp());
    } catch (SourceFailure e) {
      file.close();
      file =
          switch (e.gap().reason()) {
            case VANISHED -> new MadeFile(new byte[0], NOTHING);
            case CHANGED_WHILE_READ -> successor();
            default -> throw e;
          };
      return file.stamp();
    }
  }

  /**
   * What another file put in its place holds. The server replaces only small ones, and whole ones.
   */
  private SourceFile successor() throws SourceFailure {
    Path host = Path.of("/" + new String(path.toByteArray(), StandardCharsets.UTF_8));
    try (InputStream in = Files.newInputStream(host, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = in.readNBytes(SUCCESSOR_BYTES_MAX + 1);
      if (content.length <= SUCCESSOR_BYTES_MAX) {
        return new MadeFile(content, NOTHING);
      }
      throw new SourceFailure(
          Gap.of(GapReason.CHANGED_WHILE_READ), "was replaced by another file while it was read");
    } catch (NoSuchFileException e) {
      return new MadeFile(new byte[0], NOTHING);
    } catch (IOException e) {
      throw new SourceFailure(Gap.of(GapReason.UNREADABLE), e.toString());
    }
  }

  private Stamp recorded(Stamp found) {
    boolean settled =
        Instant.ofEpochSecond(found.ctimeSeconds(), found.ctimeNanos())
            .isBefore(begun.minus(GRAIN));
    return new Stamp(
        sizeBytes,
        found.mtimeSeconds(),
        found.mtimeNanos(),
        settled ? found.ctimeSeconds() : 0,
        settled ? found.ctimeNanos() : 0);
  }

  @Override
  public int read(long position, byte[] into, int at, int length) throws SourceFailure {
    long left = stamp().sizeBytes() - position;
    if (left <= 0) {
      return -1;
    }
    int wanted = (int) Math.min(length, left);
    int count = file.read(position, into, at, wanted);
    if (count >= 0) {
      return count;
    }
    Arrays.fill(into, at, at + wanted, (byte) 0);
    return wanted;
  }

  @Override
  public long nextData(long position) throws SourceFailure {
    return position < stamp().sizeBytes() ? position : -1;
  }

  @Override
  public long nextHole(long position) throws SourceFailure {
    return stamp().sizeBytes();
  }

  @Override
  public void close() {
    file.close();
  }
}
