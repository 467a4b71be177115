package io.holdfast.deploy.output;

import java.util.List;

/**
 * Several lines on a terminal that are drawn again in place. They go to standard error, as progress
 * does; close it before printing results.
 */
public final class LiveLines implements AutoCloseable {
  private final Output output;
  private final int columns;
  private int drawn;

  /**
   * Nothing is drawn yet.
   *
   * @param columns of the terminal, at least 1
   */
  public LiveLines(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  /** Takes the place of what was drawn before; what is wider than the terminal is cut. */
  public void show(List<String> lines) {
    clear();
    for (String line : lines) {
      output.err().println(line.length() < columns ? line : line.substring(0, columns - 1));
    }
    drawn = lines.size();
    output.err().flush();
  }

  private void clear() {
    if (drawn > 0) {
      output.err().print("\u001b[%dA\r\u001b[J".formatted(drawn));
    }
    drawn = 0;
  }

  @Override
  public void close() {
    clear();
    output.err().flush();
  }
}
