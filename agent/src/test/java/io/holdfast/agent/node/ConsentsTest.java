package io.holdfast.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.link.JobContext;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.LogLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsentsTest {
  private static final String JOB = "0102".repeat(8);

  @TempDir Path directory;

  private final List<String> said = new ArrayList<>();
  private Consents consents;

  /** Time goes on only when somebody waits, and then somebody may answer. */
  private record Waited(ManualTime time, Runnable meanwhile) implements Time {
    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public long nanos() {
      return time.nanos();
    }

    @Override
    public void sleep(Duration duration) {
      time.sleep(duration);
      meanwhile.run();
    }
  }

  @BeforeEach
  void open() {
    consents = new Consents(directory);
  }

  private void await(Runnable meanwhile) throws InterruptedException {
    consents.await(
        JOB, "may it?", new Context(), new Waited(new ManualTime(Instant.EPOCH), meanwhile));
  }

  private final class Context implements JobContext {
    @Override
    public void progress(JobProgress progress) {
      said.add(progress.getPhase());
    }

    @Override
    public void log(LogLevel level, String text) {
      said.add(text);
    }

    @Override
    public void onRate(LongConsumer limit) {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }

  private static void assertMissing(HoldfastException thrown, String what) {
    assertEquals(ErrorCode.CONSENT_MISSING, thrown.code());
    assertTrue(thrown.getMessage().contains(what), thrown.getMessage());
    assertTrue(thrown.getMessage().endsWith("holdfast agent consent"), thrown.getMessage());
  }

  @Test
  void shouldGoOnOnceSomebodyAgrees() throws Exception {
    await(() -> {
      assertEquals(List.of(new Consents.Asked(JOB, "may it?")), consents.asked());
      consents.answer(JOB, true);
    });
    assertTrue(said.getFirst().contains("holdfast agent consent " + JOB), said.toString());
    assertEquals(List.of(), consents.asked());
  }

  @Test
  void shouldEndWhenSomebodyRefuses() {
    assertMissing(
        assertThrows(HoldfastException.class, () -> await(() -> consents.answer(JOB, false))),
        "refused");
    assertEquals(List.of(), consents.asked());
  }

  @Test
  void shouldEndWhenNobodyAnswers() {
    assertMissing(assertThrows(HoldfastException.class, () -> await(() -> {})), "within a day");
  }

  @Test
  void shouldTakeNoAnswerThatWasNotAskedFor() {
    for (String job : List.of(JOB, "../../etc/passwd", "")) {
      HoldfastException thrown =
          assertThrows(HoldfastException.class, () -> consents.answer(job, true));
      assertEquals(ErrorCode.JOB_NOT_FOUND, thrown.code());
    }
  }

  /** What was agreed to is over with its job: the next one asks, and no late answer counts. */
  @Test
  void shouldAgreeToOneJobOnly() throws Exception {
    await(() -> consents.answer(JOB, true));
    HoldfastException late =
        assertThrows(HoldfastException.class, () -> consents.answer(JOB, true));
    assertEquals(ErrorCode.JOB_NOT_FOUND, late.code());
    assertMissing(
        assertThrows(HoldfastException.class, () -> await(() -> consents.answer(JOB, false))),
        "refused");
  }

  @Test
  void shouldForgetAnswersFromBefore() throws Exception {
    Files.writeString(directory.resolve(JOB + ".asked"), "may it?");
    consents.answer(JOB, true);
    consents.clear();
    assertEquals(List.of(), consents.asked());
    assertMissing(
        assertThrows(HoldfastException.class, () -> await(() -> consents.answer(JOB, false))),
        "refused");
  }
}
