package io.holdfast.agent.walk;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.testkit.FileTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** A walk run to its end, its entries and gaps as strings in {@link FileTree}'s form. */
record WalkRun(List<String> events, List<FileStat> stats, WalkCounts counts, long heldPeak) {
  /** Walks {@code root}; paths are relative to it, what leads to it is left out. */
  static WalkRun of(Path root, Path scratch) {
    return of(root, WalkOptions.of(List.of(root.toString()), scratch));
  }

  static WalkRun of(Path root, Path scratch, UnaryOperator<WalkOptions> change) {
    return of(root, change.apply(WalkOptions.of(List.of(root.toString()), scratch)));
  }

  static WalkRun of(Path root, WalkOptions options) {
    return of(root, options, DirectoryCalls.KERNEL);
  }

  static WalkRun of(Path root, WalkOptions options, DirectoryCalls calls) {
    try (ExecutorService executor = Executors.newFixedThreadPool(8);
        WalkCursor cursor = WalkCursor.open(options, executor, calls)) {
      return drain(root, cursor);
    }
  }

  private static WalkRun drain(Path root, WalkCursor cursor) {
    String prefix = root.toString().substring(1) + "/";
    List<String> events = new ArrayList<>();
    List<FileStat> stats = new ArrayList<>();
    WalkEvent event;
    while ((event = cursor.next()) != null) {
      switch (event) {
        case WalkEntry entry -> {
          String path = FileTree.string(entry.path());
          if (path.startsWith(prefix)) {
            events.add(path.substring(prefix.length()));
            stats.add(entry.stat());
          }
        }
        case WalkGap gap -> events.add(describe(prefix, gap));
      }
    }
    return new WalkRun(events, stats, cursor.counts(), cursor.heldEntriesPeak());
  }

  private static String describe(String prefix, WalkGap gap) {
    String path = FileTree.string(gap.path());
    String name = path.startsWith(prefix) ? path.substring(prefix.length()) : "/" + path;
    return "gap " + name + " " + gap.reason() + " " + gap.errnoText();
  }
}
