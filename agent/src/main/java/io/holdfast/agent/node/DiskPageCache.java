package io.holdfast.agent.node;

import io.holdfast.agent.link.PageCache;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sealed pages as files named by their ids. When it opens above its bound the ones written longest
 * ago are dropped, and until the next time it takes as many bytes again and no more. Holds
 * ciphertext only, and may be deleted at any time. Any thread.
 */
final class DiskPageCache implements PageCache {
  private static final Logger LOG = LoggerFactory.getLogger(DiskPageCache.class);

  private final Path root;
  private final boolean enabled;

  /** Bytes that it still takes. */
  private final AtomicLong room;

  private DiskPageCache(Path root, long bytesMax) {
    this.root = root;
    this.enabled = bytesMax > 0;
    this.room = new AtomicLong(bytesMax);
  }

  /**
   * Opens the cache in {@code root} and makes it no larger than {@code bytesMax}; 0 turns it off.
   */
  static DiskPageCache open(Path root, long bytesMax) {
    try {
      Files.createDirectories(root);
      DiskPageCache cache = new DiskPageCache(root, bytesMax);
      cache.trim(bytesMax);
      return cache;
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the page cache " + root + " can't be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<byte[]> find(ChunkRef page) {
    Path file = file(page);
    if (!enabled || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      return Optional.empty(); // as if it weren't there
    }
  }

  @Override
  public void put(ChunkRef page, byte[] sealed) {
    if (!enabled || room.addAndGet(-sealed.length) < 0) {
      return;
    }
    Path file = file(page);
    Path fresh = file.resolveSibling(file.getFileName() + "." + Thread.currentThread().threadId());
    try {
      Files.createDirectories(file.getParent());
      Files.write(
          fresh,
          sealed,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.debug("page {} was not cached: {}", page, e.getMessage());
      discard(fresh);
    }
  }

  private static void discard(Path fresh) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      LOG.debug("{} was not deleted: {}", fresh, e.getMessage()); // the next opening tries again
    }
  }

  private Path file(ChunkRef page) {
    String name = page.id().toString();
    return root.resolve(name.substring(0, 2)).resolve(name);
  }

  /** Whether a write that failed or was killed left it, or another job is just writing it. */
  private static boolean isPart(Path file) {
    return file.getFileName().toString().indexOf('.') >= 0;
  }

  private record Cached(Path file, long bytes, long writtenMillis) {}

  private void trim(long bytesMax) throws IOException {
    List<Cached> all = new ArrayList<>();
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(root)) {
      for (Path group : groups) {
        addGroup(group, all);
      }
    }
    long total = all.stream().mapToLong(Cached::bytes).sum();
    all.sort(Comparator.comparingLong(Cached::writtenMillis));
    for (Cached oldest : all) {
      if (total <= bytesMax) {
        return;
      }
      Files.deleteIfExists(oldest.file());
      total -= oldest.bytes();
    }
  }

  private static void addGroup(Path group, List<Cached> all) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(group)) {
      for (Path file : files) {
        if (isPart(file)) {
          Files.deleteIfExists(file);
          continue;
        }
        // Another job may have dropped it meanwhile: then both are 0, and nothing is thrown.
        all.add(new Cached(file, file.toFile().length(), file.toFile().lastModified()));
      }
    }
  }
}
