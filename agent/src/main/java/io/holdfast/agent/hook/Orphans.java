package io.holdfast.agent.hook;

import io.holdfast.agent.posix.ProcessGroup;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs that outlived an agent that was killed. Each one that runs is noted in a file, by its id
 * and the time it started at: an id alone may be another program's by now. Stateless.
 */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
  private static final String PREFIX = "hook-";
  private static final String SUFFIX = ".pid";

  /** The kernel's start times are ticks after a boot whose time of day may be corrected. */
  private static final long SAME_WITHIN_MILLIS = 2_000;

  private Orphans() {}

  /** Where the program numbered {@code number} is noted; its pipes have names that begin so. */
  static Path note(Path scratch, long number) {
    return scratch.resolve(PREFIX + number + SUFFIX);
  }

  static void write(Path note, ProcessHandle process) throws IOException {
    Files.writeString(note, process.pid() + " " + started(process));
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Ends those of an earlier life of the agent, and takes away what they leave in its scratch. */
  static void end(Path scratch) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch, PREFIX + "*")) {
      for (Path file : left) {
        if (file.getFileName().toString().endsWith(SUFFIX)) {
          endNoted(file);
        }
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("hooks of an earlier life of the agent may still run: {}", e.getMessage());
    }
  }

  private static void endNoted(Path note) throws IOException {
    String[] words = Files.readString(note).split(" ", -1);
    try {
      long pid = Long.parseLong(words[0]);
      long started = Long.parseLong(words[1]);
      Optional<ProcessHandle> running = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
      boolean same =
          running.isPresent() && Math.abs(started(running.get()) - started) <= SAME_WITHIN_MILLIS;
      if (same) {
        LOG.warn("ending hook process {}, which outlived the agent that ran it", pid);
        new ProcessGroup(pid).kill();
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      LOG.warn("{} notes no process: a hook may still run", note);
    }
  }
}
