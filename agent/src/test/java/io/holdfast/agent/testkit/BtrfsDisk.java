package io.holdfast.agent.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A btrfs in a file, mounted through a loop device. Needs root. One thread. */
public final class BtrfsDisk implements AutoCloseable {
  private final Path image;
  private final Path mountPoint;

  private BtrfsDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Why this machine can't have one, if so. */
  public static Optional<String> whyNot(Path scratch) throws IOException {
    for (String tool : List.of("mkfs.btrfs", "btrfs", "mount", "umount")) {
      if (run(List.of("sh", "-c", "command -v " + tool)).isPresent()) {
        return Optional.of(tool + " is missing; install btrfs-progs");
      }
    }
    try (BtrfsDisk _ = make(Files.createTempDirectory(scratch, "probe"))) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("no btrfs can be mounted here: " + e.getMessage());
    }
  }

  /** Makes and mounts one on {@code mountPoint}, with its image beside it. */
  public static BtrfsDisk make(Path mountPoint) throws IOException {
    Path image = Files.createTempFile("btrfs", ".img");
    BtrfsDisk disk = new BtrfsDisk(image, mountPoint);
    boolean mounted = false;
    try {
      must("truncate", "-s", "256M", image.toString());
      must("mkfs.btrfs", "-q", "-f", image.toString());
      must("mount", "-o", "loop", image.toString(), mountPoint.toString());
      mounted = true;
      return disk;
    } finally {
      if (!mounted) {
        Files.deleteIfExists(image);
      }
    }
  }

  public Path mountPoint() {
    return mountPoint;
  }

  /** Makes a subvolume. */
  public void subvolume(String path) throws IOException {
    must("btrfs", "-q", "subvolume", "create", mountPoint.resolve(path).toString());
  }

  /** Makes a read-only snapshot of a subvolume. */
  public void readOnlySnapshot(String of, String path) throws IOException {
    must(
        "btrfs",
        "-q",
        "subvolume",
        "snapshot",
        "-r",
        mountPoint.resolve(of).toString(),
        mountPoint.resolve(path).toString());
  }

  /** Nothing can be written any more. */
  public void remountReadOnly() throws IOException {
    must("mount", "-o", "remount,ro", mountPoint.toString());
  }

  private static void must(String... words) throws IOException {
    Optional<String> failure = run(List.of(words));
    if (failure.isPresent()) {
      throw new IOException(String.join(" ", words) + ": " + failure.get());
    }
  }

  /** Runs a command; what it printed if it failed. */
  private static Optional<String> run(List<String> words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return process.waitFor() == 0 ? Optional.empty() : Optional.of(printed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    must("umount", mountPoint.toString());
    Files.deleteIfExists(image);
  }
}
