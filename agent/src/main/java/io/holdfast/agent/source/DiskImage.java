package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.agent.nbd.NbdServer;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A disk as a whole as the only file of a snapshot, under its own path, with its content as the
 * disk shows it: a device, or a file in which it lies as it is or as qcow2.
 *
 * <p>Links are followed (devices are mostly named by some), the snapshot has the path as it was
 * given.
 */
public final class DiskImage implements SourceCursor {
  private static final int OWNER_ONLY = 0600;
  private static final int DIRECTORY_MODE = 0755;

  /** How the disk lies in its file. */
  public enum Format {
    RAW,
    QCOW2
  }

  /**
   * Where it is read.
   *
   * @param reading how fast
   * @param scratch for the socket of the program that reads qcow2
   */
  public record Ports(RateLimit reading, Path scratch, Time time) {}

  private final Path path;
  private final Path real;
  private final Ports ports;
  private final Optional<NbdServer> server;
  private final Deque<SourceItem> items = new ArrayDeque<>();

  private DiskImage(Path path, Path real, Ports ports, Optional<NbdServer> server) {
    this.path = path;
    this.real = real;
    this.ports = ports;
    this.server = server;
  }

  /**
   * Looks at the image at the absolute {@code path}. SOURCE_UNREADABLE if there is none that can be
   * read, TOOL_MISSING for qcow2 where no qemu-nbd is.
   */
  public static DiskImage open(Path path, Format format, Ports ports) throws InterruptedException {
    try {
      Path real = path.toRealPath();
      FileStat stat = Posix.statAt(Posix.NO_DIRECTORY, Names.of(real.toString()));
      Optional<NbdServer> server =
          format == Format.QCOW2
              ? Optional.of(NbdServer.start(real, ports.scratch(), ports.time()))
              : Optional.empty();
      DiskImage image = new DiskImage(path, real, ports, server);
      image.describe(stat);
      return image;
    } catch (NoSuchFileException e) {
      throw unreadable(path, "there is no such file or device", e);
    } catch (IOException e) {
      throw unreadable(path, e.getMessage(), e);
    }
  }

  private void describe(FileStat stat) throws PosixException {
    EntryPath entry = EntryPath.of(path.toString().substring(1));
    items.add(image(entry, stat));
    for (Optional<EntryPath> above = entry.parent();
        above.isPresent();
        above = above.get().parent()) {
      items.addFirst(directory(above.get()));
    }
  }

  private ImageItem image(EntryPath entry, FileStat stat) throws PosixException {
    if (server.isPresent()) {
      NbdServer nbd = server.get();
      SourceFile.Stamp stamp = stamp(stat, nbd.sizeBytes());
      return item(entry, stat, stamp, () -> new NbdFile(nbd.connection(), stamp, ports.reading()));
    }
    if (stat.kind() == FileKind.FILE) {
      SourceFile.Stamp stamp = stamp(stat, stat.sizeBytes());
      return item(entry, stat, stamp, () -> new ZeroHoles(opened(stat.sizeBytes())));
    }
    if (stat.kind() == FileKind.BLOCK_DEVICE) {
      Instant now = ports.time().now();
      SourceFile.Stamp stamp =
          new SourceFile.Stamp(deviceBytes(), now.getEpochSecond(), now.getNano(), 0, 0);
      return item(
          entry,
          stat,
          stamp,
          () -> new ZeroHoles(new DeviceFile(opened(stamp.sizeBytes()), stamp)));
    }
    throw unreadable(path, "it is neither a file nor a block device", null);
  }

  private static SourceFile.Stamp stamp(FileStat stat, long sizeBytes) {
    return new SourceFile.Stamp(
        sizeBytes,
        stat.modifySeconds(),
        stat.modifyNanos(),
        stat.changeSeconds(),
        stat.changeNanos());
  }

  private static ImageItem item(
      EntryPath entry, FileStat stat, SourceFile.Stamp stamp, ImageItem.Opening opening) {
    boolean file = stat.kind() == FileKind.FILE;
    Metadata metadata =
        new Metadata(
            file ? stat.permissions() : OWNER_ONLY,
            Integer.toUnsignedLong(stat.uid()),
            Integer.toUnsignedLong(stat.gid()),
            stamp.mtimeSeconds(),
            stamp.mtimeNanos(),
            stamp.ctimeSeconds(),
            stamp.ctimeNanos(),
            stat.inode());
    return new ImageItem(entry, metadata, stamp.sizeBytes(), Optional.of(opening));
  }

  private long deviceBytes() throws PosixException {
    try (PosixFile device = openReal()) {
      long end = device.end();
      if (end == 0) {
        throw unreadable(path, "the device has no size: nothing is behind it", null);
      }
      return end;
    }
  }

  private HostFile opened(long sizeBytes) {
    return new HostFile(this::openReal, sizeBytes, ports.reading());
  }

  private PosixFile openReal() throws PosixException {
    int fd = Posix.tryOpenForReading(Posix.NO_DIRECTORY, Names.of(real.toString()), 0);
    if (fd < 0) {
      throw new PosixException(-fd, "open", Names.of(real.toString()));
    }
    return new PosixFile(fd);
  }

  /** Always the same: what lies around an image is not what is backed up. */
  private static ImageItem directory(EntryPath entry) {
    return new ImageItem(
        entry, new Metadata(DIRECTORY_MODE, 0, 0, 0, 0, 0, 0, 0), 0, Optional.empty());
  }

  private static HoldfastException unreadable(Path path, String why, Exception cause) {
    return new HoldfastException(
        ErrorCode.SOURCE_UNREADABLE,
        "the disk image "
            + path
            + " can't be read: "
            + why
            + "; check the path, and that the agent runs as root",
        cause);
  }

  @Override
  public SourceItem next() {
    return items.poll();
  }

  @Override
  public void close() {
    server.ifPresent(NbdServer::close);
  }
}
