package io.holdfast.agent.job;

import io.holdfast.agent.posix.Btrfs;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.walk.Elsewhere;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes the read-only snapshots of the subvolumes that sources lie in, and removes them. Each lies
 * in its own subvolume, so no room has to be found for it. One thread.
 */
final class Subvolumes {
  /** How the names of all snapshots begin that were made here. */
  static final String PREFIX = ".holdfast-snapshot-";

  private static final int SUBVOLUMES_MAX = 1_000;

  private final List<Path> sources;
  private final String name;
  private final Consumer<Path> before;
  private final TreeMap<Path, Path> readFrom = new TreeMap<>();
  private final Map<Long, Long> devices = new HashMap<>();
  private final List<byte[]> made = new ArrayList<>();

  /**
   * Of {@code sources}, for the job with id {@code job}.
   *
   * @param before told the path of each snapshot before it is made
   */
  Subvolumes(List<Path> sources, String job, Consumer<Path> before) {
    this.sources = sources;
    this.name = PREFIX + job;
    this.before = before;
  }

  /**
   * Makes them.
   *
   * @param mounts what is mounted on this host
   */
  PointInTime freeze(List<Path> mounts) {
    for (Path source : sources) {
      freeze(subvolumeOf(source));
    }
    for (Path mount : mounts) {
      boolean within = readFrom.keySet().stream().anyMatch(top -> isBelow(mount, top));
      if (within) {
        readFrom.putIfAbsent(mount, mount);
      }
    }
    List<Elsewhere> elsewhere =
        readFrom.entrySet().stream()
            .map(place -> new Elsewhere(bytes(place.getKey()), bytes(place.getValue())))
            .toList();
    return new PointInTime(elsewhere, made, devices);
  }

  private static boolean isBelow(Path path, Path top) {
    return path.startsWith(top) && !path.equals(top);
  }

  /** The innermost subvolume that a source lies in. */
  private static Path subvolumeOf(Path source) {
    for (Path at = source; at != null; at = at.getParent()) {
      Optional<FileStat> found = find(at);
      if (found.isPresent() && found.get().kind() == FileKind.DIRECTORY) {
        try (PosixFile directory = open(at)) {
          if (!Btrfs.isOn(directory.fd())) {
            throw failed(source + " doesn't lie on btrfs", null);
          }
          if (Btrfs.isSubvolume(directory.fd())) {
            return at;
          }
        } catch (PosixException e) {
          throw failed(at + " can't be looked at: " + e.getMessage(), e);
        }
      }
    }
    throw failed(source + " is mounted from inside a subvolume, whose top isn't mounted", null);
  }

  private static Optional<FileStat> find(Path path) {
    try {
      return Posix.findAt(Posix.NO_DIRECTORY, bytes(path));
    } catch (PosixException e) {
      return Optional.empty(); // as the walk will find, too
    }
  }

  /** This one, and then those in it: what is made in it later isn't in its snapshot either. */
  private void freeze(Path top) {
    if (readFrom.containsKey(top)) {
      return;
    }
    if (readFrom.size() >= SUBVOLUMES_MAX) {
      throw failed("there are more than " + SUBVOLUMES_MAX + " subvolumes in the sources", null);
    }
    try (PosixFile directory = open(top)) {
      if (Btrfs.isReadOnly(directory.fd())) {
        readFrom.put(top, top);
      } else {
        snapshot(top, directory.fd());
      }
      for (byte[] child : Btrfs.children(directory.fd())) {
        child(top.resolve(new String(child, StandardCharsets.UTF_8)));
      }
    } catch (PosixException e) {
      throw failed("no snapshot of " + top + " can be made: " + e.getMessage(), e);
    }
  }

  private void snapshot(Path top, int fd) throws PosixException {
    Path snapshot = top.resolve(name);
    before.accept(snapshot);
    made.add(bytes(snapshot));
    Btrfs.snapshot(fd, fd, Names.of(name));
    readFrom.put(top, snapshot);
    try (PosixFile opened = open(snapshot)) {
      devices.put(opened.stat().device(), Posix.stat(fd).device());
    }
  }

  /** Another file system may be mounted over it, and one that was just deleted is no loss. */
  private void child(Path path) throws PosixException {
    boolean wanted = sources.stream().anyMatch(path::startsWith);
    if (!wanted || path.getFileName().toString().startsWith(PREFIX)) {
      return;
    }
    Optional<FileStat> found = find(path);
    if (found.isEmpty() || found.get().kind() != FileKind.DIRECTORY) {
      return;
    }
    boolean there;
    try (PosixFile directory = open(path)) {
      there = Btrfs.isSubvolume(directory.fd());
    }
    if (there) {
      freeze(path);
    }
  }

  /** Removes a snapshot that was made here, if it is there. Says why it can't. */
  static Optional<String> remove(Path snapshot) {
    if (!snapshot.getFileName().toString().startsWith(PREFIX)) {
      return Optional.of(snapshot + " isn't one of Holdfast's");
    }
    try {
      if (Posix.findAt(Posix.NO_DIRECTORY, bytes(snapshot)).isEmpty()) {
        return Optional.empty();
      }
      try (PosixFile directory = open(snapshot.getParent())) {
        Btrfs.delete(directory.fd(), Names.of(snapshot.getFileName().toString()));
      }
      return Optional.empty();
    } catch (PosixException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static PosixFile open(Path directory) throws PosixException {
    return new PosixFile(Posix.openDirectory(Posix.NO_DIRECTORY, bytes(directory)));
  }

  private static byte[] bytes(Path path) {
    return Names.of(path.toString());
  }

  private static HoldfastException failed(String why, Exception cause) {
    return new HoldfastException(
        ErrorCode.POINT_IN_TIME_FAILED,
        "the files can't be read as of one point in time by btrfs: "
            + why
            + "; mend that, run the agent as root, or back up without it",
        cause);
  }
}
