package io.holdfast.coordinator.policy;

import java.time.Duration;
import java.util.List;

/** What a host runs around a backup. */
public record Hooks(List<Hook> before, List<Hook> after) {
  public static final Hooks NONE = new Hooks(List.of(), List.of());
  public static final Duration TIME_LIMIT_STANDARD = Duration.ofMinutes(5);

  public Hooks {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /**
   * One hook.
   *
   * @param name of a file that root put on the host; never a command
   * @param timeLimit after which it is killed and has failed
   */
  public record Hook(String name, Duration timeLimit, OnFailure onFailure) {}

  /** What a failed hook does to its job. */
  public enum OnFailure {
    /** Before a backup: it isn't made. After it: its result is a failure. */
    FAIL,
    /** It is reported. */
    WARN
  }
}
