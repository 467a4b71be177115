package io.holdfast.deploy.faults;

import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * A directory of small and large files, a part of which changes from version to version: what it
 * held at any version can be told again later, so that hundreds of snapshots need no memory.
 */
final class SeededSource {
  private static final long EPOCH_SECONDS = 1_700_000_000;

  private final long seed;
  private final Path directory;
  private final int files;
  private final int largeBytes;
  private int version = -1;

  /**
   * @param files of which one in sixteen is large
   * @param largeBytes at most
   */
  SeededSource(long seed, Path directory, int files, int largeBytes) {
    this.seed = seed;
    this.directory = directory;
    this.files = files;
    this.largeBytes = largeBytes;
  }

  Path directory() {
    return directory;
  }

  int version() {
    return version;
  }

  /** Makes the directory what it is at {@code next}; only what changed is touched. */
  void moveTo(int next) throws IOException {
    for (int file = 0; file < files; file++) {
      if (version < 0 || lastChange(file, version) != lastChange(file, next)) {
        write(file, lastChange(file, next));
      }
    }
    version = next;
  }

  private void write(int file, int change) throws IOException {
    Path path = directory.resolve(name(file));
    Files.createDirectories(path.getParent());
    Files.write(path, content(file, change));
    Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(modified(change))));
  }

  /** What it holds at {@code at}. */
  FileTree tree(int at) {
    FileTree tree = FileTree.empty();
    for (int directory = 0; directory < Math.min(files, 8); directory++) {
      tree = tree.directory("d" + directory);
    }
    for (int file = 0; file < files; file++) {
      int change = lastChange(file, at);
      tree = tree.file(name(file), content(file, change)).modified(modified(change), 0);
    }
    return tree;
  }

  private static String name(int file) {
    return "d" + file % 8 + "/f" + file;
  }

  private static long modified(int change) {
    return EPOCH_SECONDS + change;
  }

  /** The newest version up to {@code at} that brought new content; 0 brought all. */
  private int lastChange(int file, int at) {
    IntPredicate changes = v -> v == 0 || random(file, v).nextInt(4) == 0;
    int change = at;
    while (!changes.test(change)) {
      change--;
    }
    return change;
  }

  private byte[] content(int file, int change) {
    SplittableRandom random = random(file, change);
    random.nextInt();
    int bound = file % 16 == 0 ? largeBytes : 8_192;
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  private SplittableRandom random(int file, int change) {
    return new SplittableRandom(seed ^ (file * 1_000_003L + change) * 0x9E3779B97F4A7C15L);
  }
}
