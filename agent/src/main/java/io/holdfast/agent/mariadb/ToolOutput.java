package io.holdfast.agent.mariadb;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a tool prints, as it prints it; whole once it ended with status 0. One thread, which an
 * interrupt wakes.
 */
final class ToolOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int BUFFERS_AHEAD = 8;
  private static final int COMPLAINT_BYTES_MAX = 4_096;
  private static final int END_SECONDS = 10;
  private static final byte[] END = new byte[0];

  private final String name;
  private final Process process;
  private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(BUFFERS_AHEAD);
  private final Thread passing;
  private final Thread complaining;
  private byte[] complaints = END;
  private byte[] current = END;
  private int position;
  private boolean ended;

  private ToolOutput(String name, Process process) {
    this.name = name;
    this.process = process;
    this.passing = Thread.ofVirtual().name("tool-output").start(this::passOn);
    this.complaining = Thread.ofVirtual().name("tool-complaints").start(this::keepComplaints);
  }

  /** Starts a program with its arguments. MARIADB_FAILED if it can't be. */
  static ToolOutput start(List<String> words) {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(new File("/")).redirectInput(new File("/dev/null"));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MYSQL"));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MARIADB"));
    try {
      return new ToolOutput(words.getFirst(), builder.start());
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.MARIADB_FAILED,
          words.getFirst()
              + " can't be started: "
              + e.getMessage()
              + "; install it (packages mariadb-client and mariadb-backup), or name it in"
              + " agent.yaml",
          e);
    }
  }

  private void passOn() {
    try (InputStream out = process.getInputStream()) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = out.read(buffer); count >= 0; count = out.read(buffer)) {
        buffers.put(Arrays.copyOf(buffer, count));
      }
    } catch (IOException e) {
      // The program was ended: that is the end of its output, too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      endOutput();
    }
  }

  private void endOutput() {
    try {
      buffers.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads to the end, or the program would wait; keeps the last of it. */
  private void keepComplaints() {
    try (InputStream errors = process.getErrorStream()) {
      byte[] some = new byte[COMPLAINT_BYTES_MAX];
      for (int count = errors.read(some); count >= 0; count = errors.read(some)) {
        keep(some, count);
      }
    } catch (IOException e) {
      // The program was ended.
    }
  }

  private synchronized void keep(byte[] some, int count) {
    byte[] all = Arrays.copyOf(complaints, complaints.length + count);
    System.arraycopy(some, 0, all, complaints.length, count);
    int from = Math.max(0, all.length - COMPLAINT_BYTES_MAX);
    complaints = Arrays.copyOfRange(all, from, all.length);
  }

  /** What comes next; -1 at the end, once the tool ended well. MARIADB_FAILED if it didn't. */
  int read(byte[] into, int at, int length) throws InterruptedException {
    while (!ended && position == current.length) {
      current = buffers.take();
      position = 0;
      if (current == END) {
        ended = true;
        requireGoodEnd();
      }
    }
    if (ended) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, into, at, count);
    position += count;
    return count;
  }

  private void requireGoodEnd() throws InterruptedException {
    boolean over = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    complaining.join(Duration.ofSeconds(END_SECONDS));
    if (!over || process.exitValue() != 0) {
      throw new HoldfastException(
          ErrorCode.MARIADB_FAILED,
          name
              + (over
                  ? " ended with status " + process.exitValue()
                  : " closed its output and runs on")
              + ": "
              + complaint()
              + "; nothing was committed");
    }
  }

  private synchronized String complaint() {
    String said =
        new String(complaints, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", " | ");
    return said.isEmpty() ? "it said nothing" : said;
  }

  /** Ends the tool, if it still runs. */
  @Override
  public void close() {
    process.destroy();
    passing.interrupt();
    boolean over = false;
    try {
      over = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!over) {
        process.destroyForcibly();
      }
    }
  }
}
