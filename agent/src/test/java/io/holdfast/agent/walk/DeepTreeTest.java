package io.holdfast.agent.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.testkit.TreeGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepTreeTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void shouldWalkDownBeyondTheLongestPathOfACallAndUpAgain(int statAhead) throws IOException {
    walkDownAndUp(statAhead, 2_500);
  }

  @Test
  @Tag("full")
  void shouldWalkTenThousandLevels() throws IOException {
    walkDownAndUp(8, 10_000);
  }

  private void walkDownAndUp(int statAhead, int levels) throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    TreeGenerator.deep(root, levels, "d");
    try {
      HostileCalls calls = new HostileCalls();
      WalkLimits limits = WalkLimits.defaults().withStatAhead(statAhead).withOpenDirectories(16);
      WalkOptions options = WalkOptions.of(List.of(root.toString()), temporary).withLimits(limits);
      try (ExecutorService executor = Executors.newFixedThreadPool(8);
          WalkCursor cursor = WalkCursor.open(options, executor, calls)) {
        assertDownAndUp(cursor, root.toString().substring(1) + "/", levels);
      }
      assertTrue(calls.openPeak() <= 16 + 2 * 9, "open " + calls.openPeak());
    } finally {
      TreeGenerator.removeDeep(root, "d");
    }
  }

  /** All A on the way down, all ~ on the way up; nothing is kept, the paths are too long. */
  private static void assertDownAndUp(WalkCursor cursor, String prefix, int levels) {
    int before = 0;
    int behind = 0;
    while (cursor.next() instanceof WalkEntry entry) {
      byte last = entry.pathBuffer()[entry.pathLength() - 1];
      before += last == 'A' ? 1 : 0;
      behind += last == '~' ? 1 : 0;
      int level = last == 'A' ? before - 1 : levels - behind;
      if (last != 'd' && entry.pathLength() >= prefix.length()) {
        assertEquals(prefix.length() + 2 * level + 1, entry.pathLength());
      }
    }
    assertEquals(levels, before);
    assertEquals(levels, behind);
    assertEquals(0, cursor.counts().gaps());
  }

  @Test
  void shouldReportWhatLiesBeyondTheLongestPath() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("root"));
    String name = "n".repeat(200);
    TreeGenerator.deep(root, 400, name);
    try {
      WalkRun run = WalkRun.of(root, temporary);
      assertTrue(run.events().getLast().equals("~"));
      assertTrue(run.counts().gaps() >= 1);
      assertTrue(
          run.events().stream().anyMatch(e -> e.endsWith(" NAME_TOO_LONG ")), "a gap says so");
    } finally {
      TreeGenerator.removeDeep(root, name);
    }
  }
}
