package io.holdfast.agent.node;

import io.holdfast.agent.link.JobContext;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Questions to whoever is root on this host, and his answers, as files of a directory that only he
 * may write: {@code JOB.asked} holds the question, {@code JOB.given} or {@code JOB.refused} is the
 * answer. What a coordinator says about consent counts for nothing. Any thread, and other
 * processes.
 */
public final class Consents {
  static final Duration LIMIT = Duration.ofHours(24);

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Pattern JOB = Pattern.compile("[0-9a-f]{32}");
  private static final String ASKED = ".asked";
  private static final String GIVEN = ".given";
  private static final String REFUSED = ".refused";

  private final Path directory;

  public Consents(Path directory) {
    this.directory = directory;
  }

  /** A question that waits for its answer. */
  public record Asked(String job, String question) {}

  /** Forgets what was asked and answered before this process. */
  void clear() {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Returns once {@code question} about {@code job} was answered by yes. CONSENT_MISSING if it was
   * by no, or not within {@link #LIMIT}.
   */
  void await(String job, String question, JobContext context, Time time)
      throws InterruptedException {
    String command = "holdfast agent consent " + job;
    context.log(
        LogLevel.LOG_LEVEL_WARNING,
        question + ": waits for somebody on this host to agree, by: " + command);
    context.progress(JobProgress.newBuilder().setPhase("waiting").build());
    try {
      Files.writeString(file(job, ASKED), question);
      long until = time.nanos() + LIMIT.toNanos();
      while (!Files.exists(file(job, GIVEN))) {
        if (Files.exists(file(job, REFUSED))) {
          throw missing("somebody on this host refused: " + question);
        }
        if (time.nanos() - until >= 0) {
          throw missing("nobody on this host agreed within a day to: " + question);
        }
        time.sleep(LOOK);
      }
      context.log(LogLevel.LOG_LEVEL_INFO, "somebody on this host agreed");
    } catch (IOException e) {
      throw failed(e);
    } finally {
      forget(job);
    }
  }

  private static HoldfastException missing(String cause) {
    return new HoldfastException(
        ErrorCode.CONSENT_MISSING,
        cause
            + "; restore to a directory instead, or order it again and let who is root there agree"
            + " by: holdfast agent consent");
  }

  private void forget(String job) {
    for (String suffix : List.of(ASKED, GIVEN, REFUSED)) {
      try {
        Files.deleteIfExists(file(job, suffix));
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  /** What waits for an answer. IO. */
  public List<Asked> asked() {
    List<Asked> asked = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(ASKED)) {
          String job = name.substring(0, name.length() - ASKED.length());
          asked.add(new Asked(job, Files.readString(file)));
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
    return asked;
  }

  /** Answers the question about {@code job}. JOB_NOT_FOUND if there is none; IO. */
  public void answer(String job, boolean yes) {
    if (!JOB.matcher(job).matches() || !Files.exists(file(job, ASKED))) {
      throw new HoldfastException(
          ErrorCode.JOB_NOT_FOUND,
          "nothing waits for consent to job '"
              + job
              + "' on this host; see what does by: holdfast agent consent");
    }
    try {
      Files.writeString(file(job, yes ? GIVEN : REFUSED), "");
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path file(String job, String suffix) {
    return directory.resolve(job + suffix);
  }

  private HoldfastException failed(IOException e) {
    return new HoldfastException(
        ErrorCode.IO, "consents in " + directory + " can't be read or written: " + e, e);
  }
}
