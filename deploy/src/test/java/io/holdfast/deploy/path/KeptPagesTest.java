package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.proto.wire.v1.BackupOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that a host stored are those that its next run needs. */
class KeptPagesTest {
  @TempDir Path directory;

  private static Set<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return new TreeSet<>(all.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void shouldFetchNothingThatWasJustStored() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    for (int i = 0; i < 3_000; i++) {
      Files.writeString(source.resolve("file " + i), "content " + i);
    }
    BackupOrder.Builder order =
        BackupOrder.newBuilder().addSources(OrderedHost.bytes(source.toString()));
    try (Fleet fleet = Fleet.found(directory.resolve("fleet"), new MovableTime());
        OrderedHost host = new OrderedHost(fleet, directory.resolve("host"))) {
      Path pages = fleet.state(OrderedHost.NAME).pages();
      host.mustBackup(order);
      Set<Path> stored = files(pages);
      assertFalse(stored.isEmpty());
      host.mustBackup(order);
      assertEquals(stored, files(pages), "what a run fetches it keeps, too");
    }
  }
}
