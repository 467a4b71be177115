package io.holdfast.agent.hook;

import io.holdfast.common.seam.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the host's hooks. Any thread; each program belongs to the thread that runs it. */
public final class Hooks {
  private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

  private final HookDirectory directory;
  private final Path scratch;
  private final Time time;
  private final AtomicLong started = new AtomicLong();

  /**
   * Ends what an earlier life of the agent ran.
   *
   * @param scratch an existing directory on a local file system that nobody else writes into
   */
  public Hooks(HookDirectory directory, Path scratch, Time time) {
    this.directory = directory;
    this.scratch = scratch;
    this.time = time;
    Orphans.end(scratch);
  }

  /**
   * Whether a file in the scratch directory belongs to a hook, of this life of the agent or not.
   */
  public static boolean isOfHook(Path file) {
    return Orphans.isOurs(file);
  }

  /**
   * Runs a program to its end, which may be a failure: another status than 0, or none in time.
   * HOOK_REFUSED if it may not be run, HOOK_FAILED if it can't be started. Interrupted, it is
   * ended.
   *
   * @param phase told to it: why it is run
   */
  public HookOutput run(HookCall call, String phase, HookContext context)
      throws InterruptedException {
    long begun = time.nanos();
    try (HookProcess process = start(call, phase, context, false)) {
      boolean inTime = process.awaitEnd(begun + call.timeLimit().toNanos());
      if (!inTime) {
        process.end();
      }
      Optional<String> failure = inTime ? failure(process) : Optional.of(overTime(call));
      Duration took = Duration.ofNanos(time.nanos() - begun);
      HookOutput output = new HookOutput(call.name(), failure, process.lastLines(), took);
      log(output, phase);
      return output;
    }
  }

  private static void log(HookOutput output, String phase) {
    String said = output.lastLines().isEmpty() ? "" : ": " + output.lastLines();
    if (output.failure().isPresent()) {
      LOG.warn("hook {} ({}) {}{}", output.name(), phase, output.failure().get(), said);
    } else {
      LOG.info("hook {} ({}) ended well{}", output.name(), phase, said);
    }
  }

  /** Starts a program whose output is read as it comes. HOOK_REFUSED, HOOK_FAILED. */
  public HookStream stream(HookCall call, String phase, HookContext context) {
    long deadline = time.nanos() + call.timeLimit().toNanos();
    return new HookStream(call, start(call, phase, context, true), deadline);
  }

  private HookProcess start(HookCall call, String phase, HookContext context, boolean streamed) {
    Path file = directory.find(call.name());
    LOG.info("running hook {} ({})", file, phase);
    Path note = Orphans.note(scratch, started.incrementAndGet());
    return HookProcess.start(file, context.environment(phase), note, streamed, time);
  }

  static String overTime(HookCall call) {
    return "was ended after its time limit of " + call.timeLimit().toMillis() / 1e3 + " s";
  }

  static Optional<String> failure(HookProcess process) {
    return process.exitStatus() == 0
        ? Optional.empty()
        : Optional.of("ended with status " + process.exitStatus());
  }
}
