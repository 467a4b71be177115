package io.holdfast.agent.hook;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A program that has ended.
 *
 * @param failure how it failed, if it did
 * @param lastLines the end of what it printed
 */
public record HookOutput(String name, Optional<String> failure, String lastLines, Duration took) {
  private static final int LINES_MAX = 3;

  /** Itself, unless it failed: HOOK_FAILED, with the end of what it printed. */
  public HookOutput orThrow() {
    if (failure.isPresent()) {
      throw failed(name, failure.get(), lastLines);
    }
    return this;
  }

  /** What an error says of it. */
  public static String words(String how, String lastLines) {
    return lastLines.isEmpty() ? how : how + ": " + brief(lastLines);
  }

  static HoldfastException failed(String name, String how, String lastLines) {
    return new HoldfastException(
        ErrorCode.HOOK_FAILED, "hook " + name + " " + words(how, lastLines));
  }

  /** The last few lines as one: what went wrong mostly stands there. */
  private static String brief(String lastLines) {
    List<String> lines = lastLines.lines().filter(line -> !line.isBlank()).toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()));
  }
}
