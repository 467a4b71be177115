package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.proto.wire.v1.BackupOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that a host stored are those that its next run needs. */
class KeptPagesTest {
  private static final String FETCHED = "holdfast_read_bytes_total";

  @TempDir Path directory;

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** The directories above the source are of a snapshot, too, and others write in them. */
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
      host.mustBackup(order);
      double before = fleet.metric(FETCHED);
      host.mustBackup(order);
      assertEquals(before, fleet.metric(FETCHED), "pages were fetched that the host had sent");

      for (Path page : files(fleet.state(OrderedHost.NAME).pages())) {
        Files.delete(page);
      }
      host.mustBackup(order);
      assertTrue(fleet.metric(FETCHED) > before, "what is not kept is fetched, and counted");
    }
  }
}
