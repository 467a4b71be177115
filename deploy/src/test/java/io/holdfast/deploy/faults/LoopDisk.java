package io.holdfast.deploy.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file system in a file, mounted through a loop device, whose power can be cut: what was not
 * synced is gone afterwards. Needs root. One thread.
 */
final class LoopDisk implements AutoCloseable {
  private static final int COMMAND_SECONDS = 120;

  private final Path image;
  private final Path mountPoint;
  private boolean mounted;

  private LoopDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Why this machine can't have such a disk with {@code type}, if so. */
  static Optional<String> whyNot(String type, Path scratch) throws Exception {
    for (String tool : List.of("mkfs." + type, "mount", "umount", "xfs_io")) {
      if (run(List.of("sh", "-c", "command -v " + tool)).isPresent()) {
        return Optional.of(
            tool + " is missing; ./deploy/test --full installs xfsprogs and e2fsprogs as root");
      }
    }
    Path mountPoint = Files.createTempDirectory(scratch, "probe");
    try (LoopDisk _ = make(type, 320, mountPoint)) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("no " + type + " can be mounted here: " + e.getMessage());
    }
  }

  /**
   * Makes and mounts one.
   *
   * @param type ext4 or xfs
   */
  static LoopDisk make(String type, int mebibytes, Path mountPoint) throws Exception {
    Path image = mountPoint.resolveSibling(mountPoint.getFileName() + "." + type);
    must(List.of("truncate", "-s", mebibytes + "M", image.toString()));
    must(List.of("mkfs." + type, "-q", image.toString()));
    LoopDisk disk = new LoopDisk(image, mountPoint);
    disk.mount();
    return disk;
  }

  void mount() throws Exception {
    must(List.of("mount", "-o", "loop", image.toString(), mountPoint.toString()));
    mounted = true;
  }

  /** From now on every call fails, and what was not synced will never have been. */
  void cutPower() throws Exception {
    must(List.of("xfs_io", "-x", "-c", "shutdown", mountPoint.toString()));
  }

  /** Nobody may have a file open there. */
  void unmount() throws IOException {
    must(List.of("umount", mountPoint.toString()));
    mounted = false;
  }

  private static void must(List<String> words) throws IOException {
    Optional<String> failure = run(words);
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
      process.onExit().get(COMMAND_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      process.destroyForcibly();
      return Optional.of("no end within " + COMMAND_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return Optional.of("interrupted");
    }
    return process.exitValue() == 0 ? Optional.empty() : Optional.of(printed);
  }

  @Override
  public void close() throws IOException {
    if (mounted) {
      unmount();
    }
    Files.deleteIfExists(image);
  }
}
