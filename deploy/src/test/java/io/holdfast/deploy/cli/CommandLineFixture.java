package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.common.seam.Time;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole command line in this process, with a coordinator's socket and a world of its own. */
@Timeout(60)
abstract class CommandLineFixture {
  /** How a command ended. */
  record Ended(int code, String out, String err) {
    /** Standard output as lines of JSON. */
    List<JsonNode> json() {
      return lines(out);
    }

    static List<JsonNode> lines(String text) {
      List<JsonNode> nodes = new ArrayList<>();
      text.lines().forEach(line -> nodes.add(parse(line)));
      return nodes;
    }

    private static JsonNode parse(String line) {
      try {
        return new ObjectMapper().readTree(line);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + line, e);
      }
    }
  }

  @TempDir Path dir;
  final Map<String, String> environment = new HashMap<>();
  final Deque<String> typed = new ArrayDeque<>();
  final List<Runnable> interruptActions = new CopyOnWriteArrayList<>();
  final RecordingLocal local = new RecordingLocal();
  int terminalColumns;
  String piped = "";
  AdminSocket coordinator;
  private volatile boolean ended;
  private volatile ByteArrayOutputStream liveError = new ByteArrayOutputStream();

  @BeforeEach
  void listen() throws IOException {
    coordinator = AdminSocket.listen(dir.resolve("c.sock"));
    environment.put("HOLDFAST_SOCKET", coordinator.path().toString());
  }

  @AfterEach
  void stopListening() {
    coordinator.close();
  }

  /** On a thread of its own: what a test left behind in a pool must not keep it from its turn. */
  static CompletableFuture<Void> beside(Runnable action) {
    return CompletableFuture.runAsync(
        action, task -> Thread.ofPlatform().daemon().name("beside").start(task));
  }

  /** Waits until the running command has said {@code text} on standard error. */
  final void awaitError(String text) {
    await(() -> liveError.toString(StandardCharsets.UTF_8).contains(text), "said " + text);
  }

  /** Waits until the running command can be interrupted, and interrupts it. */
  final void interrupt() {
    await(() -> !interruptActions.isEmpty(), "could be interrupted");
    interruptActions.forEach(Runnable::run);
  }

  /** A command that has ended does nothing any more that is worth waiting for. */
  final void await(BooleanSupplier condition, String what) {
    while (!condition.getAsBoolean()) {
      if (ended) {
        throw new AssertionError("the command ended before it " + what);
      }
      Thread.onSpinWait();
    }
  }

  final ScriptedAdmin admin() {
    return coordinator.admin();
  }

  final Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    liveError = err;
    Shell shell =
        new Shell(
            new ByteArrayInputStream(piped.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            name -> Optional.ofNullable(environment.get(name)),
            new TypingTerminal(),
            Time.system(),
            ZoneOffset.UTC,
            this::register,
            local);
    int code;
    try {
      code = HoldfastCommand.build(shell, arguments).execute(arguments);
    } finally {
      ended = true;
    }
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command that must end well, and gives its standard output. */
  final String runWell(String... arguments) {
    Ended ended = run(arguments);
    assertEquals(0, ended.code(), ended::toString);
    return ended.out();
  }

  private Interrupts.Registration register(Runnable action) {
    interruptActions.add(action);
    return () -> interruptActions.remove(action);
  }

  private final class TypingTerminal implements Terminal {
    @Override
    public int errorColumns() {
      return terminalColumns;
    }

    @Override
    public Optional<char[]> askSecret(String prompt) {
      return Optional.ofNullable(typed.poll()).map(String::toCharArray);
    }
  }
}
