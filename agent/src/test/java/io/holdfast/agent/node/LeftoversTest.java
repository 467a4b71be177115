package io.holdfast.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.ProcessNote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir Path directory;

  /** A reader of a disk image that its agent had not yet connected to when it was killed. */
  @Test
  void shouldEndAReaderThatNobodyConnectedTo() throws Exception {
    Path server = Files.createDirectory(directory.resolve("nbd1"));
    Process reader = new ProcessBuilder("sleep", "1000").start();
    ProcessNote.write(server.resolve("pid"), reader.toHandle());
    Leftovers.clear(directory);
    assertTrue(reader.waitFor(1, TimeUnit.MINUTES));
    assertFalse(Files.exists(server));
  }

  @Test
  void shouldLeaveAProcessThatMerelyHasTheNumber() throws Exception {
    Path server = Files.createDirectory(directory.resolve("nbd1"));
    Process another = new ProcessBuilder("sleep", "1000").start();
    try {
      Files.writeString(server.resolve("pid"), another.pid() + " 1000");
      Leftovers.clear(directory);
      assertTrue(another.isAlive());
      assertFalse(Files.exists(server));
    } finally {
      another.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldRemoveAllButWhatHooksNeedAndFollowNoLink() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createFile(outside.resolve("file"));
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Files.writeString(scratch.resolve("mariadb.cnf"), "[client]");
    Files.createFile(Files.createDirectory(scratch.resolve("nbd1")).resolve("socket"));
    Files.createSymbolicLink(scratch.resolve("link"), outside);
    Files.writeString(scratch.resolve("hook-1.pid"), "1 1");

    Leftovers.clear(scratch);

    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(scratch.resolve("hook-1.pid")), left.toList());
    }
    assertTrue(Files.exists(outside.resolve("file")));
  }
}
