package io.holdfast.agent.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file by which a process is found again that outlived who started it: its id and the time it
 * started at. An id alone may be another program's by now. Stateless.
 */
public final class ProcessNote {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessNote.class);

  /** The kernel's start times are ticks after a boot whose time of day may be corrected. */
  private static final long SAME_WITHIN_MILLIS = 2_000;

  private ProcessNote() {}

  public static void write(Path note, ProcessHandle process) throws IOException {
    Files.writeString(note, process.pid() + " " + started(process));
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** The process that was noted, if it still runs. */
  public static Optional<ProcessHandle> running(Path note) throws IOException {
    String[] words = Files.readString(note).split(" ", -1);
    try {
      long pid = Long.parseLong(words[0]);
      long started = Long.parseLong(words[1]);
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(found -> Math.abs(started(found) - started) <= SAME_WITHIN_MILLIS);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      LOG.warn("{} notes no process: what it was written for may still run", note);
      return Optional.empty();
    }
  }
}
