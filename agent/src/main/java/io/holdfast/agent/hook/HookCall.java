package io.holdfast.agent.hook;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A program to run.
 *
 * @param name of a file in the host's directory of hooks
 * @param timeLimit after which it is ended and has failed
 */
public record HookCall(String name, Duration timeLimit) {
  /** Where an order names none. */
  public static final Duration TIME_LIMIT_STANDARD = Duration.ofMinutes(5);

  private static final Duration TIME_LIMIT_MAX = Duration.ofDays(7);

  /** As policies have it. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public HookCall {
    if (!NAME.matcher(name).matches()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\""
              + name
              + "\" is no name of a hook: write letters, digits, dots, dashes and underscores, no"
              + " path");
    }
    if (timeLimit.compareTo(TIME_LIMIT_MAX) > 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "hook " + name + " may run for a week at most");
    }
  }

  /** With a limit as orders have it: none is the standard one. */
  public static HookCall of(String name, long timeLimitMillis) {
    return new HookCall(
        name, timeLimitMillis > 0 ? Duration.ofMillis(timeLimitMillis) : TIME_LIMIT_STANDARD);
  }
}
