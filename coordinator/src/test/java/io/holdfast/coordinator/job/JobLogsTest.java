package io.holdfast.coordinator.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.JobId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLogsTest {
  private static final JobId ONE = new JobId(new UUID(0, 1));
  private static final JobId OTHER = new JobId(new UUID(0, 2));

  @TempDir Path directory;

  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
  private JobLogs logs;

  @BeforeEach
  void open() {
    open(JobLogs.Limits.STANDARD);
  }

  private void open(JobLogs.Limits limits) {
    logs = JobLogs.open(directory.resolve("logs"), FileSystem.local(), time, limits);
  }

  @AfterEach
  void close() {
    logs.close();
  }

  private void append(JobId job, String... texts) {
    logs.append(
        job,
        Stream.of(texts)
            .map(text ->
                JobLogLine.newBuilder().setLevel(LogLevel.LOG_LEVEL_INFO).setText(text).build())
            .toList());
  }

  private List<String> read(JobId job, long skip) {
    List<String> texts = new ArrayList<>();
    logs.read(job, skip, line -> texts.add(line.getText()));
    return texts;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("logs"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void shouldKeepEachJobsLinesInOrder() {
    append(ONE, "a", "b");
    append(OTHER, "x");
    append(ONE, "", "ünïcode");
    assertEquals(List.of("a", "b", "", "ünïcode"), read(ONE, 0));
    assertEquals(List.of("ünïcode"), read(ONE, 3));
    assertEquals(List.of("x"), read(OTHER, 0));
    assertEquals(List.of(), read(new JobId(new UUID(0, 3)), 0));
  }

  @Test
  void shouldGoOnAfterARestart() {
    append(ONE, "a");
    logs.close();
    time.advance(Duration.ofSeconds(1));
    open();
    append(ONE, "b");
    logs.ended(ONE);
    assertEquals(List.of("a", "b"), read(ONE, 0));
  }

  @Test
  void shouldReadWhatIsWholeOfACutFile() throws IOException {
    append(ONE, "first", "second");
    logs.close();
    Path file = files().getFirst();
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 3));
    open();
    assertEquals(List.of("first"), read(ONE, 0));
  }

  @Test
  void shouldBoundWhatOneJobSays() {
    open(new JobLogs.Limits(10_000, 1 << 20, 100));
    String[] much = IntStream.range(0, 500).mapToObj(n -> "x".repeat(100)).toArray(String[]::new);
    append(ONE, much);
    append(ONE, much);
    List<String> kept = read(ONE, 0);
    assertTrue(kept.size() < 110, kept.size() + " lines");
    assertTrue(kept.getLast().contains("as long as it may be"), kept.getLast());
    append(OTHER, "y".repeat(10_000));
    assertEquals(4_096, read(OTHER, 0).getFirst().length());
  }

  @Test
  void shouldDeleteTheOldestWhenThereIsNoRoom() throws IOException {
    open(new JobLogs.Limits(10_000, 1 << 20, 3));
    for (int n = 1; n <= 5; n++) {
      JobId job = new JobId(new UUID(0, n));
      append(job, "of " + n);
      logs.ended(job);
      time.advance(Duration.ofSeconds(1));
    }
    assertEquals(3, files().size());
    assertEquals(List.of(), read(new JobId(new UUID(0, 2)), 0));
    assertEquals(List.of("of 3"), read(new JobId(new UUID(0, 3)), 0));
  }
}
