package io.holdfast.deploy.cli;

import java.time.Duration;

/** What happens when the person presses Ctrl-C or the system ends the process. */
interface Interrupts {
  /** Undoes {@link #onInterrupt}. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Runs {@code action} once, on another thread, if the process is told to end before the
   * registration is closed. The process ends when it returns.
   */
  Registration onInterrupt(Runnable action);

  /** By the JVM's shutdown, which gives the process the exit code of the signal. */
  static Interrupts ofProcess() {
    return action -> {
      Thread hook = Thread.ofPlatform().name("interrupt").unstarted(action);
      Runtime.getRuntime().addShutdownHook(hook);
      return () -> removeUnlessEnding(hook);
    };
  }

  /** How long an interrupted command waits for what it cancelled to end. */
  Duration PATIENCE = Duration.ofSeconds(10);

  private static void removeUnlessEnding(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending: the hook runs or has run
    }
  }
}
