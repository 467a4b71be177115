package io.holdfast.agent.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.agent.posix.Names;
import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameSpillTest {
  @TempDir Path scratch;

  private static NavigableSet<byte[]> randomNames(Random random, int count) {
    TreeSet<byte[]> names = new TreeSet<>(Names::compare);
    while (names.size() < count) {
      byte[] name = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 255 : 12)];
      random.nextBytes(name);
      names.add(name);
    }
    return names;
  }

  private static List<String> strings(NameTable table) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < table.count(); i++) {
      out.add(FileTree.string(table.name(i)));
    }
    return out;
  }

  @Test
  void shouldSortInMemoryByUnsignedBytes() {
    for (int seed = 0; seed < 20; seed++) {
      NavigableSet<byte[]> names = randomNames(new Random(seed), 1 + seed * 7);
      NameTable table = new NameTable();
      names.descendingSet().forEach(table::add);
      List<String> expected = names.stream().map(FileTree::string).toList();
      assertEquals(expected, strings(table.sorted()), "seed " + seed);
      assertEquals(expected, strings(table.sorted().sorted()), "seed " + seed);
    }
  }

  @Test
  void shouldMergeMoreRunsThanItReadsAtOnce() throws IOException {
    NavigableSet<byte[]> names = randomNames(new Random(1), 1_000);
    List<byte[]> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(2));
    try (NameSpill spill = new NameSpill(scratch)) {
      for (int from = 0; from < shuffled.size(); from += 5) {
        NameTable run = new NameTable();
        shuffled.subList(from, from + 5).forEach(run::add);
        spill.addRun(run.sorted());
      }
      SpilledNames merged = spill.finish(64);
      assertEquals(16, merged.pieces());
      List<String> read = new ArrayList<>();
      for (int piece = 0; piece < merged.pieces(); piece++) {
        read.addAll(strings(merged.read(piece)));
      }
      assertEquals(names.stream().map(FileTree::string).toList(), read);
      merged.delete();
    }
    assertEquals(0, scratch.toFile().list().length);
  }

  @Test
  void shouldRemoveItsRunsWhenGivenUp() throws IOException {
    try (NameSpill spill = new NameSpill(scratch)) {
      NameTable run = new NameTable();
      run.add(Names.of("a"));
      spill.addRun(run);
      spill.addRun(run);
    }
    assertEquals(0, scratch.toFile().list().length);
  }
}
