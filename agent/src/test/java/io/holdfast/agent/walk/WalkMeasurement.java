package io.holdfast.agent.walk;

import io.holdfast.agent.testkit.TreeGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Times walks by hand: {@code WalkMeasurement DIRECTORY SCANS ROUNDS}, or {@code WalkMeasurement
 * make-small|make-flat DIRECTORY} to make 200,000 files in 20,000 directories, or 2,000,000 files
 * in one.
 */
final class WalkMeasurement {
  private WalkMeasurement() {}

  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "make-small" -> TreeGenerator.nested(Path.of(arguments[1]), 200, 100, 10);
      case "make-flat" -> TreeGenerator.flat(Path.of(arguments[1]), 2_000_000);
      default -> {
        int scans = Integer.parseInt(arguments[1]);
        for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
          measure(Path.of(arguments[0]), scans);
        }
      }
    }
  }

  private static void measure(Path root, int scans) throws IOException {
    Path scratch = Files.createTempDirectory("walk-scratch");
    WalkOptions options =
        WalkOptions.of(List.of(root.toString()), scratch)
            .withLimits(WalkLimits.defaults().withStatAhead(scans));
    long start = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, scans));
        WalkCursor cursor = WalkCursor.open(options, executor)) {
      while (!cursor.isAtEnd()) {
        cursor.next();
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      System.out.println(
          scans
              + " ahead: "
              + millis
              + " ms, "
              + cursor.counts()
              + ", held at most "
              + cursor.heldEntriesPeak());
    }
    Files.delete(scratch);
  }
}
