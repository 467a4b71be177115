package io.holdfast.agent.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkEntry;
import io.holdfast.agent.walk.WalkEvent;
import io.holdfast.agent.walk.WalkOptions;
import io.holdfast.common.seam.ManualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading the host's files: at a rate, and without pushing out what the host works on. */
class HostFileTest {
  private static final int MIB = 1 << 20;
  private static final int FILE_BYTES = 11 * MIB + 123;

  @TempDir Path directory;

  private final ManualTime time = new ManualTime(Instant.EPOCH);

  @Test
  void shouldReadNoFasterThanTheLimit() throws Exception {
    file(FILE_BYTES);
    readAll(new RateLimit(time, MIB));
    double seconds = time.nanos() / 1e9;
    assertEquals((double) FILE_BYTES / MIB - 1, seconds, 0.01); // a second's worth was saved up
  }

  @Test
  void shouldShareOneLimitAmongFiles() throws Exception {
    RateLimit host = new RateLimit(time, MIB);
    file(2 * MIB);
    readAll(host.within(0));
    readAll(host.within(100L * MIB));
    assertEquals(Duration.ofSeconds(3), Duration.ofNanos(time.nanos()));
  }

  @Test
  void shouldKeepWhatTheHostHadCachedAndNothingElse() throws Exception {
    Path file = file(FILE_BYTES);
    try (PosixFile seen = open(file)) {
      seen.sync();
      seen.adviseDontNeed(0, 0);
      assumeTrue(count(cached(seen)) == 0, "the temporary directory lies in memory");
      warm(file, 5 * MIB, MIB);
      byte[] before = cached(seen);
      assertTrue(count(before) >= MIB / PosixFile.cachePageBytes());

      byte[] read = readAll(new RateLimit(time, 0));

      assertArrayEquals(before, cached(seen));
      assertArrayEquals(Files.readAllBytes(file), read);
    }
  }

  @Test
  void shouldLeaveSmallFilesToTheKernel() throws Exception {
    Path file = file((int) CacheSparing.FILE_BYTES_MIN - 1);
    try (PosixFile seen = open(file)) {
      seen.sync();
      seen.adviseDontNeed(0, 0);
      readAll(new RateLimit(time, 0));
      assertTrue(count(cached(seen)) > 0);
    }
  }

  private Path file(int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    return Files.write(Files.createDirectories(directory.resolve("source")).resolve("f"), content);
  }

  private byte[] readAll(RateLimit reading) throws Exception {
    Path source = directory.resolve("source");
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    WalkOptions options = WalkOptions.of(List.of(source.toString()), scratch);
    try (ExecutorService executor = Executors.newFixedThreadPool(2);
        WalkCursor cursor = WalkCursor.open(options, executor)) {
      WalkEvent event = cursor.next();
      while (!(event instanceof WalkEntry entry && entry.stat().kind() == FileKind.FILE)) {
        event = cursor.next();
      }
      try (SourceFile file = HostItem.of((WalkEntry) event, reading).open()) {
        return content(file);
      }
    }
  }

  private static byte[] content(SourceFile file) throws SourceFailure {
    byte[] content = new byte[FILE_BYTES];
    int length = 0;
    int count = 0;
    while (count >= 0) {
      length += count;
      count = file.read(length, content, length, content.length - length);
      if (length == content.length) {
        break;
      }
    }
    return Arrays.copyOf(content, length);
  }

  private static void warm(Path file, int from, int bytes) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(from);
      in.readFully(new byte[bytes]);
    }
  }

  private static PosixFile open(Path file) throws PosixException {
    byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
    return new PosixFile(Posix.openAt(Posix.NO_DIRECTORY, name, 0, 0));
  }

  private static byte[] cached(PosixFile file) {
    byte[] pages = new byte[FILE_BYTES / PosixFile.cachePageBytes() + 1];
    assertTrue(file.tellCached(0, pages));
    return pages;
  }

  private static long count(byte[] pages) {
    long count = 0;
    for (byte page : pages) {
      count += page & 1;
    }
    return count;
  }
}
