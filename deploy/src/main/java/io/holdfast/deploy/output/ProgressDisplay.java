package io.holdfast.deploy.output;

import io.holdfast.common.progress.ProgressEstimate;
import io.holdfast.common.progress.ProgressMeter;
import io.holdfast.common.seam.Time;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows how a job goes on: a bar redrawn in place on a terminal, a line every few seconds
 * elsewhere, lines of JSON for programs, nothing when quiet. Draws only when told of progress, so
 * it has no thread. Close it before printing the result.
 */
public final class ProgressDisplay implements AutoCloseable {
  /** What is drawn, and how often at most. */
  private enum Style {
    BAR(Duration.ofMillis(200)),
    LINES(Duration.ofSeconds(5)),
    JSON(Duration.ofSeconds(1)),
    NOTHING(Duration.ZERO);

    private final Duration pace;

    Style(Duration pace) {
      this.pace = pace;
    }
  }

  private static final int BAR_WIDTH = 20;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Output output;
  private final Style style;
  private final int columns;
  private final Time time;
  private final ProgressMeter meter;
  private long drawnNanos;
  private boolean drawn;

  private ProgressDisplay(Output output, Style style, int columns, Time time) {
    this.output = output;
    this.style = style;
    this.columns = columns;
    this.time = time;
    this.meter = new ProgressMeter(time);
  }

  /** {@code columns} is the width of the terminal that standard error is, 0 if it is none. */
  public static ProgressDisplay open(Output output, int columns, Time time) {
    return new ProgressDisplay(output, style(output, columns), columns, time);
  }

  private static Style style(Output output, int columns) {
    if (output.isQuiet()) {
      return Style.NOTHING;
    }
    if (output.isJson()) {
      return Style.JSON;
    }
    return columns > 0 ? Style.BAR : Style.LINES;
  }

  public void show(Progress progress) {
    meter.sample(progress.bytes(), progress.bytesExpected());
    long now = time.nanos();
    if (drawn && now - drawnNanos < style.pace.toNanos()) {
      return;
    }
    drawn = true;
    drawnNanos = now;
    ProgressEstimate estimate = meter.estimate();
    switch (style) {
      case BAR -> redraw(bar(progress, estimate));
      case LINES -> output.note(words(progress, estimate));
      case JSON -> output.json("status", fields(progress, estimate));
      case NOTHING -> {}
    }
  }

  private void redraw(String line) {
    String cut = line.length() < columns ? line : line.substring(0, columns - 1);
    output.err().print(CLEAR_LINE + cut);
    output.err().flush();
  }

  private static String bar(Progress progress, ProgressEstimate estimate) {
    if (estimate.percent().isEmpty()) {
      return words(progress, estimate);
    }
    int percent = estimate.percent().getAsInt();
    int full = percent * BAR_WIDTH / 100;
    return "["
        + "#".repeat(full)
        + "-".repeat(BAR_WIDTH - full)
        + "] "
        + percent
        + "% "
        + words(progress, estimate);
  }

  private static String words(Progress progress, ProgressEstimate estimate) {
    List<String> parts = new ArrayList<>();
    progress.files().ifPresent(files -> parts.add(PeopleText.count(files, "file")));
    String expected =
        progress.bytesExpected() > 0 ? " of " + new DataSize(progress.bytesExpected()) : "";
    parts.add(new DataSize(progress.bytes()) + expected);
    parts.add(estimate.rate().toString());
    estimate.left().ifPresent(left -> parts.add(Durations.rounded(left) + " left"));
    if (progress.gaps() > 0) {
      parts.add(PeopleText.count(progress.gaps(), "gap"));
    }
    return SafeText.of(progress.phase()) + ": " + String.join(", ", parts);
  }

  private static Fields fields(Progress progress, ProgressEstimate estimate) {
    Fields fields = new Fields().text("phase", progress.phase());
    progress.files().ifPresent(files -> fields.count("files", files));
    fields.size("bytes", progress.bytes());
    if (progress.bytesExpected() > 0) {
      fields.size("bytes_expected", progress.bytesExpected());
    }
    fields.count("bytes_per_second", estimate.rate().bytesPerSecond());
    fields.duration("seconds_elapsed", estimate.elapsed());
    estimate.left().ifPresent(left -> fields.duration("seconds_left", left));
    return fields.count("gaps", progress.gaps());
  }

  /** Leaves the terminal's line empty. */
  @Override
  public void close() {
    if (style == Style.BAR && drawn) {
      output.err().print(CLEAR_LINE);
      output.err().flush();
    }
  }
}
