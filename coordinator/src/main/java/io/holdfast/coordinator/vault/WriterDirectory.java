package io.holdfast.coordinator.vault;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.Randomness;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one writer keeps its unpublished files, and how it clears up after dead ones.
 *
 * <pre>
 * tmp/&lt;token&gt;.lock    locked while the writer lives; the token is random, never reused
 * tmp/&lt;token&gt;/&lt;n&gt;       the n-th file of that writer
 * </pre>
 *
 * <p>A directory whose lock can be taken has no living writer and is removed. On a mount whose
 * locks don't reach other machines a living writer's file may be taken for dead: that costs it one
 * attempt, since its link then finds no source, and never an object, which by then has a name of
 * its own.
 *
 * <p>Safe for many threads.
 */
final class WriterDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(WriterDirectory.class);
  private static final String LOCK_SUFFIX = ".lock";
  private static final int TOKEN_BYTES = 16;

  private final FileSystem fileSystem;
  private final Path temporary;
  private final String token;
  private final HeldLock lock;
  private final AtomicLong filesMade = new AtomicLong();

  private WriterDirectory(FileSystem fileSystem, Path temporary, String token, HeldLock lock) {
    this.fileSystem = fileSystem;
    this.temporary = temporary;
    this.token = token;
    this.lock = lock;
  }

  /** Takes a place of its own below {@code temporary}, which exists, and sweeps the dead ones. */
  static WriterDirectory open(FileSystem fileSystem, Randomness randomness, Path temporary)
      throws IOException {
    WriterDirectory writer = null;
    while (writer == null) {
      String token = HexFormat.of().formatHex(randomness.bytes(TOKEN_BYTES));
      writer = tryOpen(fileSystem, temporary, token);
    }
    writer.sweepDead();
    return writer;
  }

  /** Answers null if a sweeper took the lock file for a dead writer's before we had locked it. */
  private static WriterDirectory tryOpen(FileSystem fileSystem, Path temporary, String token)
      throws IOException {
    Path lockFile = temporary.resolve(token + LOCK_SUFFIX);
    HeldLock lock = fileSystem.tryLock(lockFile).orElse(null);
    if (lock == null) {
      return null;
    }
    boolean opened = false;
    try {
      if (!fileSystem.exists(lockFile)) {
        return null;
      }
      fileSystem.createDirectory(temporary.resolve(token));
      opened = true;
      return new WriterDirectory(fileSystem, temporary, token, lock);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /** A path that nobody else uses. */
  Path newFile() {
    return temporary.resolve(token).resolve(Long.toString(filesMade.getAndIncrement()));
  }

  /** Gives the place up. */
  void close() {
    try {
      removeTree(token);
    } catch (IOException e) {
      LOG.debug("Leftovers stay in {} until the next writer sweeps: {}", temporary, e.toString());
    }
    closeQuietly(lock);
  }

  private void sweepDead() {
    try {
      for (String found : tokens()) {
        if (!found.equals(token)) {
          removeIfDead(found);
        }
      }
    } catch (IOException e) {
      LOG.debug("What dead writers left in {} stays for now: {}", temporary, e.toString());
    }
  }

  private Set<String> tokens() throws IOException {
    Set<String> tokens = new TreeSet<>();
    fileSystem.list(
        temporary,
        (name, _) -> {
          tokens.add(name.endsWith(LOCK_SUFFIX) ? stripLockSuffix(name) : name);
          return true;
        });
    return tokens;
  }

  private static String stripLockSuffix(String name) {
    return name.substring(0, name.length() - LOCK_SUFFIX.length());
  }

  private void removeIfDead(String dead) throws IOException {
    HeldLock held = fileSystem.tryLock(temporary.resolve(dead + LOCK_SUFFIX)).orElse(null);
    if (held == null) {
      return;
    }
    try {
      removeTree(dead);
    } finally {
      closeQuietly(held);
    }
  }

  /**
   * Files first and the lock file last: while the lock file stands, somebody can finish the job.
   */
  private void removeTree(String owner) throws IOException {
    Path directory = temporary.resolve(owner);
    for (Path file : filesIn(directory)) {
      deleteIfThere(file);
    }
    deleteIfThere(directory);
    deleteIfThere(temporary.resolve(owner + LOCK_SUFFIX));
  }

  private List<Path> filesIn(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try {
      fileSystem.list(directory, (name, _) -> files.add(directory.resolve(name)));
    } catch (NoSuchFileException gone) {
      return List.of();
    }
    return files;
  }

  private void deleteIfThere(Path path) throws IOException {
    try {
      fileSystem.delete(path);
    } catch (NoSuchFileException gone) {
      // Another sweeper was faster, or the power cut took it.
    }
  }

  private static void closeQuietly(HeldLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.debug("A writer's lock ends with the process only: {}", e.toString());
    }
  }
}
