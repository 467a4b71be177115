package io.holdfast.agent.postgres;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The log of a running cluster, in which a slot keeps what is read here. WAL_MISSING for what it
 * didn't keep.
 */
record LogDirectory(Cluster cluster, MadeItem.Owner owner, RateLimit reading) {
  /** Names of the files that tell how timelines branched. */
  SortedSet<String> histories() {
    SortedSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(cluster.log(), "*.history")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (WalSegment.isHistory(name)) {
          names.add(name);
        }
      }
      return names;
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.SOURCE_UNREADABLE, "the log can't be listed: " + e, e);
    }
  }

  MadeItem history(EntryPath place, String name) {
    FileStat found = described(name);
    return item(
        place, cluster.log().resolve(name), metadata(found), found.sizeBytes(), found.sizeBytes());
  }

  /** A segment that is full. */
  MadeItem segment(EntryPath place, String name) {
    return partial(place, name, cluster.segmentBytes());
  }

  /** The same with the time that its entry will have in every later snapshot. */
  MadeItem segment(EntryPath place, String name, ArchiveIndex.Archived archived) {
    Metadata metadata = owner.metadata(0600, archived.seconds(), archived.nanos());
    return item(
        place,
        cluster.log().resolve(name),
        metadata,
        cluster.segmentBytes(),
        cluster.segmentBytes());
  }

  /** A segment of which the first bytes are written and will stay. */
  MadeItem partial(EntryPath place, String name, int validBytes) {
    FileStat found = described(name);
    if (found.sizeBytes() != cluster.segmentBytes()) {
      throw missing(name, "it has " + found.sizeBytes() + " bytes");
    }
    return item(
        place, cluster.log().resolve(name), metadata(found), cluster.segmentBytes(), validBytes);
  }

  private MadeItem item(
      EntryPath place, Path file, Metadata metadata, long sizeBytes, long validBytes) {
    return new MadeItem(
        place,
        EntryType.FILE,
        metadata,
        sizeBytes,
        () -> new LogFile(file, metadata, sizeBytes, validBytes, reading));
  }

  private Metadata metadata(FileStat found) {
    return owner.metadata(0600, found.modifySeconds(), found.modifyNanos());
  }

  private FileStat described(String name) {
    return find(name).orElseThrow(() -> missing(name, "it isn't there any more"));
  }

  Optional<FileStat> find(String name) {
    try {
      return Posix.findAt(Posix.NO_DIRECTORY, Names.of(cluster.log().resolve(name).toString()));
    } catch (PosixException e) {
      throw new HoldfastException(
          ErrorCode.SOURCE_UNREADABLE, "the log can't be read: " + e.getMessage(), e);
    }
  }

  private HoldfastException missing(String name, String why) {
    return new HoldfastException(
        ErrorCode.WAL_MISSING,
        "segment "
            + name
            + " of the log in "
            + cluster.log()
            + " can't be stored: "
            + why
            + "; raise the server's max_slot_wal_keep_size if it is set, and back up again");
  }
}
