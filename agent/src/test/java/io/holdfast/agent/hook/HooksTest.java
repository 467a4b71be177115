package io.holdfast.agent.hook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.ProcessNote;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that hang, fail, print for ever, ignore signals, and leave children behind. */
@Timeout(60)
class HooksTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final HookContext CONTEXT =
      new HookContext("0a0b", "0c0d", List.of("/etc", "/srv/data"));

  @TempDir Path directory;

  private final Time time = Time.system();
  private Path scratch;
  private Scripts scripts;
  private Hooks hooks;

  @BeforeEach
  void make() throws IOException {
    scratch = Files.createDirectory(directory.resolve("scratch"));
    scripts = Scripts.in(directory);
    hooks = new Hooks(new HookDirectory(scripts.directory()), scratch, time);
  }

  @AfterEach
  void endsWithoutLeavingPipes() throws IOException {
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private HookOutput run(Duration limit, String... lines) throws Exception {
    scripts.write("hook", lines);
    return hooks.run(new HookCall("hook", limit), "before", CONTEXT);
  }

  private Path note(String name) {
    return directory.resolve(name);
  }

  /** A process whose id a script wrote down. */
  private long pid(String name) throws Exception {
    while (!Files.exists(note(name)) || Files.readString(note(name)).isBlank()) {
      time.sleep(Duration.ofMillis(5));
    }
    return Long.parseLong(Files.readString(note(name)).strip());
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> !process.info().command().isEmpty()) // a zombie has none
        .isPresent();
  }

  private void awaitGone(long pid) throws InterruptedException {
    while (isAlive(pid)) {
      time.sleep(Duration.ofMillis(5)); // the test's time limit ends this
    }
  }

  @Test
  void shouldTellAProgramWhatItIsForAndNothingElse() throws Exception {
    HookOutput output =
        run(LONG, "env | grep -v -e ^PWD= -e ^SHLVL= -e ^_=", "echo in $(pwd)", "cat");
    assertEquals(Optional.empty(), output.failure());
    Map<String, String> environment =
        output
            .lastLines()
            .lines()
            .filter(line -> line.contains("="))
            .collect(
                Collectors.toMap(
                    line -> line.substring(0, line.indexOf('=')),
                    line -> line.substring(line.indexOf('=') + 1),
                    (a, b) -> b,
                    TreeMap::new));
    assertEquals("0a0b", environment.get("HOLDFAST_JOB"));
    assertEquals("0c0d", environment.get("HOLDFAST_HOST"));
    assertEquals("before", environment.get("HOLDFAST_PHASE"));
    assertEquals("/etc", environment.get("HOLDFAST_SOURCES"));
    assertTrue(output.lastLines().contains("/srv/data"), output.lastLines());
    assertTrue(output.lastLines().contains("in /"), output.lastLines());
    assertEquals(
        List.of(
            "HOLDFAST_HOST", "HOLDFAST_JOB", "HOLDFAST_PHASE", "HOLDFAST_SOURCES", "LANG", "PATH"),
        List.copyOf(environment.keySet()));
  }

  @Test
  void shouldReportAnotherStatusWithTheLastLines() throws Exception {
    HookOutput output = run(LONG, "echo starting", "echo 'no such table' >&2", "exit 7");
    assertEquals(Optional.of("ended with status 7"), output.failure());
    assertEquals("starting\nno such table", output.lastLines());
    HoldfastException failure = assertThrows(HoldfastException.class, output::orThrow);
    assertEquals(ErrorCode.HOOK_FAILED, failure.code());
    assertEquals("hook hook ended with status 7: starting | no such table", failure.getMessage());
  }

  @Test
  void shouldReportWhatCannotBeStarted() throws Exception {
    Path file = scripts.write("hook", "");
    Files.writeString(file, "#!/does/not/exist\n");
    HookOutput output = hooks.run(new HookCall("hook", LONG), "before", CONTEXT);
    assertTrue(output.failure().isPresent());
    assertTrue(output.lastLines().contains("No such file"), output.lastLines());
  }

  @Test
  void shouldEndWhatHangsWithAllItStarted() throws Exception {
    HookOutput output =
        run(SHORT, "sleep 1000 &", "echo $! > " + note("child"), "echo waiting", "wait");
    assertEquals(Optional.of("was ended after its time limit of 0.3 s"), output.failure());
    assertEquals("waiting", output.lastLines().lines().findFirst().orElse(""));
    awaitGone(pid("child"));
  }

  @Test
  void shouldEndWhatIgnoresBeingAsked() throws Exception {
    long start = time.nanos();
    HookOutput output =
        run(SHORT, "trap '' TERM", "echo $$ > " + note("self"), "while true; do sleep 1; done");
    assertTrue(output.failure().isPresent());
    assertTrue(time.nanos() - start >= HookProcess.GRACE.toNanos());
    awaitGone(pid("self"));
  }

  @Test
  void shouldKeepTheEndOfMegabytesAndDropTheRest() throws Exception {
    HookOutput output = run(LONG, "seq 1 2000000", "echo the end");
    assertEquals(Optional.empty(), output.failure());
    assertTrue(output.lastLines().endsWith("1999999\n2000000\nthe end"), output.lastLines());
    assertTrue(output.lastLines().length() <= Tail.BYTES_MAX);
  }

  @Test
  void shouldEndWhatPrintsForEver() throws Exception {
    HookOutput output = run(SHORT, "exec yes nothing but this");
    assertTrue(output.failure().orElse("").contains("time limit"));
    assertTrue(output.lastLines().contains("nothing but this"));
    assertTrue(output.took().compareTo(Duration.ofSeconds(20)) < 0, output.took().toString());
  }

  @Test
  void shouldShowNoControlCharacters() throws Exception {
    HookOutput output = run(LONG, "printf 'a\\033[2Jb\\tc\\r\\nd\\0e\\n'");
    assertEquals("a [2Jb c \nd e", output.lastLines());
  }

  @Test
  void shouldLeaveNothingOfItsGroupRunning() throws Exception {
    HookOutput output = run(LONG, "yes > /dev/null &", "echo $! > " + note("child"), "exit 0");
    assertEquals(Optional.empty(), output.failure());
    awaitGone(pid("child"));
  }

  @Test
  void shouldNotWaitForADaemonThatKeepsItsPipesOpen() throws Exception {
    long child = 0;
    try {
      HookOutput output =
          run(
              LONG,
              "(setsid sh -c 'echo $$ > " + note("daemon") + "; exec sleep 1000' &)",
              "while ! [ -s " + note("daemon") + " ]; do sleep 0.01; done",
              "echo done");
      child = pid("daemon");
      assertEquals(Optional.empty(), output.failure());
      assertTrue(output.took().compareTo(Duration.ofSeconds(30)) < 0);
      assertTrue(isAlive(child), "it left the group on purpose");
    } finally {
      ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void shouldWaitForWhatClosedItsPipes() throws Exception {
    HookOutput output =
        run(LONG, "exec >&- 2>&-", "sleep 0.3", "touch " + note("reached"), "exit 0");
    assertEquals(Optional.empty(), output.failure());
    assertTrue(Files.exists(note("reached")));
  }

  @Test
  void shouldEndWithItsJob() throws Exception {
    scripts.write("hook", "echo $$ > " + note("self"), "sleep 1000");
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread job =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var output = hooks.run(new HookCall("hook", LONG), "before", CONTEXT);
                ended.complete(new AssertionError("it ended well: " + output));
              } catch (Exception e) {
                ended.complete(e);
              }
            });
    long self = pid("self");
    job.interrupt();
    assertTrue(ended.get() instanceof InterruptedException, ended.get()::toString);
    awaitGone(self);
  }

  @Test
  void shouldEndWhatOutlivedAKilledAgent() throws Exception {
    Process orphan = new ProcessBuilder("setsid", "sleep", "1000").start();
    try {
      ProcessNote.write(Orphans.note(scratch, 7), orphan.toHandle());
      Files.createFile(scratch.resolve("hook-7.pid.out"));
      Path another = Orphans.note(scratch, 8);
      Files.writeString(another, ProcessHandle.current().pid() + " 12345"); // not the one noted
      while (orphan.info().command().filter(path -> path.endsWith("sleep")).isEmpty()) {
        time.sleep(Duration.ofMillis(5)); // it leads no group before
      }
      hooks = new Hooks(new HookDirectory(scripts.directory()), scratch, time);
      assertEquals(137, orphan.waitFor());
    } finally {
      orphan.destroyForcibly();
    }
  }

  // What a program prints as a stream.

  private byte[] stream(Duration limit, String... lines) throws Exception {
    scripts.write("dump", lines);
    try (HookStream stream = hooks.stream(new HookCall("dump", limit), "command", CONTEXT)) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] some = new byte[300_000];
      for (int count = stream.read(some, 5, 200_000);
          count >= 0;
          count = stream.read(some, 5, 200_000)) {
        all.write(some, 5, count);
      }
      assertEquals(-1, stream.read(some, 0, 1));
      return all.toByteArray();
    }
  }

  private static byte[] numbers(int last) {
    return IntStream.rangeClosed(1, last)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldStreamWhatAProgramPrintsAndNotWhatItSays() throws Exception {
    byte[] read = stream(LONG, "seq 1 600000 >&2", "seq 1 600000");
    assertArrayEquals(numbers(600_000), read);
  }

  @Test
  void shouldStreamNothing() throws Exception {
    assertEquals(0, stream(LONG, "true").length);
  }

  @Test
  void shouldFailAStreamThatEndsWithAnotherStatus() {
    HoldfastException failure =
        assertThrows(
            HoldfastException.class,
            () -> stream(LONG, "seq 1 100000", "echo broken >&2", "exit 3"));
    assertEquals(ErrorCode.HOOK_FAILED, failure.code());
    assertEquals("hook dump ended with status 3: broken", failure.getMessage());
  }

  @Test
  void shouldFailAStreamThatIsKilled() {
    HoldfastException failure =
        assertThrows(HoldfastException.class, () -> stream(LONG, "seq 1 1000", "kill -9 $$"));
    assertEquals("hook dump ended with status 137", failure.getMessage());
  }

  @Test
  void shouldFailAStreamThatIsNotReadyInTime() throws Exception {
    HoldfastException failure =
        assertThrows(
            HoldfastException.class,
            () -> stream(SHORT, "echo $$ > " + note("self"), "echo some", "sleep 1000"));
    assertTrue(failure.getMessage().contains("time limit"), failure.getMessage());
    awaitGone(pid("self"));
  }

  @Test
  void shouldWaitForAllWhoWriteIntoAStream() throws Exception {
    byte[] read = stream(LONG, "(sleep 0.3; echo late) &", "echo early");
    assertEquals("early\nlate\n", new String(read, StandardCharsets.UTF_8));
  }

  @Test
  void shouldEndAProgramWhoseStreamIsNotReadToItsEnd() throws Exception {
    scripts.write("dump", "echo $$ > " + note("self"), "exec yes");
    try (HookStream stream = hooks.stream(new HookCall("dump", LONG), "command", CONTEXT)) {
      assertTrue(stream.read(new byte[10], 0, 10) > 0);
    }
    awaitGone(pid("self"));
    assertFalse(isAlive(pid("self")));
  }
}
