package io.holdfast.agent.hook;

import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.PipeReader;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.ProcessGroup;
import io.holdfast.agent.posix.ProcessNote;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that runs. Its output comes through pipes that are read without waiting, because a
 * child of it may hold them open for as long as it likes: the JDK's own streams would wait for that
 * child.
 *
 * <p>From start to end: it leads a session and a process group of its own, by {@code setsid}. One
 * thread; {@link #close} ends what is left.
 */
final class HookProcess implements AutoCloseable {
  /** For what was asked to end, to do so. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** For what was ended, to be gone: longer only if the kernel holds it. */
  private static final Duration GONE_WITHIN = Duration.ofSeconds(2);

  private static final Duration TURN_MIN = Duration.ofMillis(1);
  private static final Duration TURN_MAX = Duration.ofMillis(20);
  private static final int BUFFER_BYTES = 64 << 10;

  /** Of what it prints, dropped in one turn: the clock is looked at in between. */
  private static final int TURN_BYTES_MAX = 1 << 20;

  private static final List<String> SESSION_MAKERS = List.of("/usr/bin/setsid", "/bin/setsid");

  private final Process process;
  private final ProcessGroup group;
  private final Time time;
  private final Optional<PipeReader> stream;
  private final PipeReader messages;
  private final Path note;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final Tail tail = new Tail();
  private boolean messagesEnded;
  private Duration turn = TURN_MIN;

  private HookProcess(
      Process process, Time time, Optional<PipeReader> stream, PipeReader messages, Path note) {
    this.process = process;
    this.group = new ProcessGroup(process.pid());
    this.time = time;
    this.stream = stream;
    this.messages = messages;
    this.note = note;
  }

  /**
   * Starts {@code file}.
   *
   * @param note where it is noted while it runs, and beside which its pipes are made
   * @param streamed whether what it prints is handed out by {@link #read}; if not, it goes the way
   *     of its messages
   */
  static HookProcess start(
      Path file, Map<String, String> environment, Path note, boolean streamed, Time time) {
    Optional<PipeReader> out = Optional.empty();
    PipeReader err = null;
    HookProcess started = null;
    boolean ready = false;
    try {
      Path errors = note.resolveSibling(note.getFileName() + ".err");
      Path output = note.resolveSibling(note.getFileName() + ".out");
      err = make(errors);
      out = streamed ? Optional.of(make(output)) : Optional.empty();
      ProcessBuilder builder =
          new ProcessBuilder(sessionMaker(), file.toString())
              .directory(new File("/"))
              .redirectInput(new File("/dev/null"))
              .redirectError(errors.toFile())
              .redirectOutput((streamed ? output : errors).toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      started = new HookProcess(builder.start(), time, out, err, note);
      ProcessNote.write(note, started.process.toHandle());
      err.unname();
      if (out.isPresent()) {
        out.get().unname();
      }
      ready = true;
      return started;
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.HOOK_FAILED, "hook " + file + " can't be started: " + e.getMessage(), e);
    } finally {
      if (!ready) {
        abandon(started, out, Optional.ofNullable(err));
      }
    }
  }

  private static void abandon(
      HookProcess started, Optional<PipeReader> out, Optional<PipeReader> err) {
    if (started != null) {
      started.close();
    }
    out.ifPresent(PipeReader::close);
    err.ifPresent(PipeReader::close);
  }

  /** An agent that was ended between making and starting left its name. */
  private static PipeReader make(Path pipe) throws IOException {
    Files.deleteIfExists(pipe);
    return PipeReader.make(Names.of(pipe.toString()));
  }

  private static String sessionMaker() {
    return SESSION_MAKERS.stream()
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.TOOL_MISSING,
                "hooks need the program setsid, which this host lacks; install util-linux"));
  }

  /**
   * Waits until it has ended, and drops what it prints meanwhile but for the end of it. False if it
   * hasn't by {@code deadlineNanos}.
   */
  boolean awaitEnd(long deadlineNanos) throws InterruptedException {
    while (process.isAlive()) {
      if (time.nanos() - deadlineNanos >= 0) {
        return false;
      }
      drain();
      pause();
    }
    drain();
    return true;
  }

  /**
   * Of a streamed program: what it printed next. Waits for it until {@code deadlineNanos}.
   *
   * @return bytes put into {@code into}; 0 if its time is over, -1 when nothing will come any more
   */
  int read(byte[] into, int at, int length, long deadlineNanos) throws InterruptedException {
    PipeReader pipe = stream.orElseThrow();
    try {
      while (true) {
        drain();
        int count = pipe.read(buffer.asSlice(0, Math.min(length, BUFFER_BYTES)));
        if (count > 0) {
          MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, at, count);
          turn = TURN_MIN;
          return count;
        }
        if (count == PipeReader.END) {
          return -1;
        }
        if (hasFailed() || time.nanos() - deadlineNanos >= 0) {
          return 0;
        }
        pause();
      }
    } catch (PosixException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the output of a hook can't be read: " + e.getMessage(), e);
    }
  }

  /** What others of its group may still print makes that no better. */
  boolean hasFailed() {
    return !process.isAlive() && process.exitValue() != 0;
  }

  private void pause() throws InterruptedException {
    time.sleep(turn);
    turn = turn.compareTo(TURN_MAX) < 0 ? turn.multipliedBy(2) : turn;
  }

  private void drain() {
    try {
      for (int turned = 0; !messagesEnded && turned < TURN_BYTES_MAX; ) {
        int count = messages.read(buffer);
        if (count == 0) {
          return;
        }
        messagesEnded = count == PipeReader.END;
        if (count > 0) {
          MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
          tail.add(bytes, count);
          turned += count;
        }
      }
    } catch (PosixException e) {
      messagesEnded = true; // they explain something, and nothing depends on them
    }
  }

  /** After its end. */
  int exitStatus() {
    return process.exitValue();
  }

  /** The end of its messages so far. */
  String lastLines() {
    drain();
    return tail.text();
  }

  /**
   * Ends it and all of its group: asks first, then doesn't. Not ended early by an interrupt, which
   * is kept.
   */
  void end() {
    boolean interrupted = Thread.interrupted();
    Duration patience = process.isAlive() ? GRACE : GONE_WITHIN;
    if (isLeft()) {
      group.terminate();
      process.destroy(); // it may not lead its group yet
      interrupted |= waitForGone(patience);
    }
    if (isLeft()) {
      group.kill();
      process.destroyForcibly();
      interrupted |= waitForGone(GONE_WITHIN);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isLeft() {
    return process.isAlive() || group.isAlive();
  }

  /** Says whether it was interrupted meanwhile. */
  private boolean waitForGone(Duration most) {
    boolean interrupted = false;
    long start = time.nanos();
    while (isLeft() && time.nanos() - start < most.toNanos()) {
      drain();
      try {
        time.sleep(TURN_MAX);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  @Override
  public void close() {
    end();
    stream.ifPresent(PipeReader::close);
    messages.close();
    arena.close();
    try {
      Files.deleteIfExists(note);
    } catch (IOException e) {
      // what it notes has ended
    }
  }
}
