package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored doesn't push out of the coordinator's page cache what is needed there. */
class SparedCacheTest {
  private static final int FILE_BYTES = 6 << 20;

  @TempDir Path directory;

  @Test
  void shouldNotKeepPacksInThePageCache() throws Exception {
    byte[] content = new byte[FILE_BYTES];
    new Random(5).nextBytes(content);
    Path source = Files.createDirectories(directory.resolve("source"));
    Path file = Files.write(source.resolve("file"), content);
    try (Fleet fleet = Fleet.found(directory.resolve("fleet"));
        OrderedHost host = new OrderedHost(fleet, directory.resolve("host"))) {
      JobResult stored =
          host.mustBackup(
              BackupOrder.newBuilder().addSources(OrderedHost.bytes(source.toString())));
      List<Path> packs = files(fleet.vault(), 1 << 20);
      assertFalse(packs.isEmpty());
      long cached = 0;
      for (Path pack : packs) {
        cached += cachedBytes(pack);
      }
      assertTrue(cached < FILE_BYTES / 10, cached + " bytes of packs in the page cache");
      assertTrue(cachedBytes(file) >= FILE_BYTES, "what the host works on stays");

      Path restored = host.restore(stored.getSnapshot());
      assertArrayEquals(
          content, Files.readAllBytes(restored.resolve(file.toString().substring(1))));
    }
  }

  private static List<Path> files(Path root, long bytesMin) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toFile().length() >= bytesMin)
          .toList();
    }
  }

  private static long cachedBytes(Path file) throws IOException {
    int pageBytes = PosixFile.cachePageBytes();
    byte[] pages = new byte[Math.toIntExact(Files.size(file) / pageBytes + 1)];
    try (PosixFile open = open(file)) {
      assertTrue(open.tellCached(0, pages), "the kernel tells what is cached");
    }
    long cached = 0;
    for (byte page : pages) {
      cached += (page & 1) * (long) pageBytes;
    }
    return cached;
  }

  private static PosixFile open(Path file) throws PosixException {
    return new PosixFile(
        Posix.openAt(Posix.NO_DIRECTORY, Names.of(file.toString()), OpenFlags.READ_ONLY, 0));
  }
}
