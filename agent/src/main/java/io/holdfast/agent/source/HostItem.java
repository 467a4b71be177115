package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.agent.posix.DeviceNumber;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.FileLocator;
import io.holdfast.agent.walk.WalkEntry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattr;
import io.holdfast.common.entry.Xattrs;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * One path of this host, copied from the walk.
 *
 * @param devices the device that a file system counts as: a snapshot of one as that one itself
 */
record HostItem(
    EntryPath path,
    FileStat stat,
    Octets target,
    FileLocator locator,
    Optional<Gap> gap,
    RateLimit reading,
    LongUnaryOperator devices)
    implements SourceItem {
  private static final FileStat NOTHING =
      new FileStat(FileKind.FILE.modeBits(), 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);

  static HostItem of(WalkEntry entry, RateLimit reading) {
    return of(entry, reading, LongUnaryOperator.identity());
  }

  static HostItem of(WalkEntry entry, RateLimit reading, LongUnaryOperator devices) {
    byte[] target = entry.symlinkTarget();
    return new HostItem(
        EntryPath.of(entry.path()),
        entry.stat(),
        target == null ? Octets.EMPTY : Octets.of(target),
        entry.locator(),
        Optional.empty(),
        reading,
        devices);
  }

  /** Something is there, or was, of which nothing else is known. */
  static HostItem undescribed(EntryPath path, Gap gap, RateLimit reading) {
    return new HostItem(
        path, NOTHING, Octets.EMPTY, null, Optional.of(gap), reading, LongUnaryOperator.identity());
  }

  HostItem withGap(Gap found) {
    return new HostItem(path, stat, target, locator, Optional.of(found), reading, devices);
  }

  @Override
  public EntryType type() {
    return switch (stat.kind()) {
      case FILE -> EntryType.FILE;
      case DIRECTORY -> EntryType.DIRECTORY;
      case SYMLINK -> EntryType.SYMBOLIC_LINK;
      case CHAR_DEVICE -> EntryType.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> EntryType.BLOCK_DEVICE;
      case FIFO -> EntryType.FIFO;
      case SOCKET -> EntryType.SOCKET;
      case null -> EntryType.FILE;
    };
  }

  @Override
  public Metadata metadata() {
    return new Metadata(
        stat.permissions(),
        Integer.toUnsignedLong(stat.uid()),
        Integer.toUnsignedLong(stat.gid()),
        stat.modifySeconds(),
        stat.modifyNanos(),
        stat.changeSeconds(),
        stat.changeNanos(),
        stat.inode());
  }

  @Override
  public long sizeBytes() {
    return type() == EntryType.FILE ? stat.sizeBytes() : 0;
  }

  @Override
  public long linkCount() {
    return stat.linkCount();
  }

  @Override
  public long device() {
    return devices.applyAsLong(stat.device());
  }

  @Override
  public Form form() {
    return switch (type()) {
      case FILE, CONTINUATION -> new Form.RegularFile(0, Segment.EMPTY);
      case DIRECTORY -> Form.DIRECTORY;
      case SYMBOLIC_LINK -> new Form.SymbolicLink(target);
      case CHARACTER_DEVICE ->
          new Form.CharacterDevice(
              DeviceNumber.major(stat.representedDevice()),
              DeviceNumber.minor(stat.representedDevice()));
      case BLOCK_DEVICE ->
          new Form.BlockDevice(
              DeviceNumber.major(stat.representedDevice()),
              DeviceNumber.minor(stat.representedDevice()));
      case FIFO -> Form.FIFO;
      case SOCKET -> Form.SOCKET;
    };
  }

  @Override
  public Xattrs xattrs() throws SourceFailure {
    if (locator == null) {
      return Xattrs.NONE;
    }
    try {
      List<io.holdfast.agent.posix.Xattr> found = locator.xattrs();
      return found.isEmpty() ? Xattrs.NONE : bounded(found);
    } catch (PosixException e) {
      throw HostFailures.xattrs(e);
    }
  }

  private static Xattrs bounded(List<io.holdfast.agent.posix.Xattr> found) throws SourceFailure {
    long bytes = found.stream().mapToLong(one -> one.name().length + one.value().length).sum();
    if (bytes > Xattrs.MAX_BYTES) {
      throw new SourceFailure(
          Gap.of(GapReason.XATTRS_TOO_LARGE),
          "has " + bytes + " bytes of extended attributes, and " + Xattrs.MAX_BYTES + " are kept");
    }
    return Xattrs.sorted(
        found.stream()
            .map(one -> new Xattr(Octets.of(one.name()), Octets.of(one.value())))
            .toList());
  }

  @Override
  public SourceFile open() throws SourceFailure {
    if (locator == null) {
      Gap why = gap.orElse(Gap.of(GapReason.VANISHED));
      throw new SourceFailure(why, "could not be described");
    }
    return new HostFile(locator, reading);
  }
}
