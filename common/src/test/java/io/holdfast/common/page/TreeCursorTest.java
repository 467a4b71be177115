package io.holdfast.common.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.RandomTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeCursorTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everySeekFindsWhatASortedListFinds(long seed) {
    List<Entry> entries = new RandomTrees(seed).entries(4_000);
    MemoryPages pages = new MemoryPages();
    PageTreeReader reader = pages.open(pages.write(entries));
    SplittableRandom random = new SplittableRandom(seed);
    TreeCursor reused = reader.entries();
    for (int round = 0; round < 1_000; round++) {
      EntryPath key = key(entries, random);
      int expected = firstFrom(entries, key);
      int steps = random.nextInt(40);
      reused.seek(key);
      assertFollows(entries, expected, reused, steps);
      assertFollows(entries, expected, reader.entriesFrom(key), 2);
    }
  }

  private static EntryPath key(List<Entry> entries, SplittableRandom random) {
    EntryPath path = entries.get(random.nextInt(entries.size())).path();
    return switch (random.nextInt(4)) {
      case 0 -> path.afterSubtree();
      case 1 -> EntryPath.of(path + "x");
      case 2 -> EntryPath.of(new byte[] {(byte) (1 + random.nextInt(45))});
      default -> path;
    };
  }

  private static int firstFrom(List<Entry> entries, EntryPath key) {
    int at = 0;
    while (at < entries.size() && entries.get(at).path().compareTo(key) < 0) {
      at++;
    }
    return at;
  }

  private static void assertFollows(List<Entry> entries, int from, EntryCursor cursor, int steps) {
    for (int at = from; at < Math.min(entries.size(), from + steps); at++) {
      assertTrue(cursor.next());
      assertEquals(entries.get(at), cursor.entry());
    }
    if (from + steps >= entries.size()) {
      assertFalse(cursor.next());
      assertFalse(cursor.next());
    }
  }

  @Test
  void everySubtreeIsWhatLiesBelowItsTop() {
    List<Entry> entries = new RandomTrees(4).entries(2_000);
    MemoryPages pages = new MemoryPages();
    PageTreeReader reader = pages.open(pages.write(entries));
    for (int at = 0; at < entries.size(); at += 7) {
      EntryPath top = entries.get(at).path();
      List<Entry> expected = entries.stream().filter(e -> e.path().isWithin(top)).toList();
      assertEquals(expected, PageTreeTest.readAll(reader.subtree(top)));
    }
    assertFalse(reader.subtree(EntryPath.of("no/such/path")).next());
  }

  @Test
  void everyDirectoryListsItsChildren() {
    List<Entry> entries = new RandomTrees(5).entries(2_000);
    MemoryPages pages = new MemoryPages();
    PageTreeReader reader = pages.open(pages.write(entries));
    assertEquals(childrenOf(entries, Optional.empty()), PageTreeTest.readAll(reader.topLevel()));
    for (Entry entry : entries) {
      EntryPath path = entry.path();
      assertEquals(
          childrenOf(entries, Optional.of(path)), PageTreeTest.readAll(reader.children(path)));
    }
  }

  private static List<Entry> childrenOf(List<Entry> entries, Optional<EntryPath> directory) {
    return entries.stream()
        .filter(entry -> entry instanceof Node && entry.path().parent().equals(directory))
        .toList();
  }

  @Test
  void listingADirectoryReadsNoPagesOfItsSubdirectories() {
    List<Entry> entries = new ArrayList<>();
    for (String top : List.of("a", "b", "c")) {
      Node file = PageTreeTest.file(top, 1);
      entries.add(Node.of(file.path(), file.metadata(), Form.DIRECTORY));
      for (int at = 0; at < 20_000; at++) {
        entries.add(PageTreeTest.file(top + "/f%06d".formatted(at), 100));
      }
    }
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(entries);
    assertTrue(tree.leafPages() > 50);

    int before = pages.reads();
    assertEquals(3, PageTreeTest.readAll(pages.open(tree).topLevel()).size());
    int reads = pages.reads() - before;
    assertTrue(reads <= 10, "listing three names read " + reads + " pages");
  }

  @Test
  void shouldFindNodesAndNothingElse() {
    List<Entry> entries = new RandomTrees(6).entries(1_000);
    MemoryPages pages = new MemoryPages();
    PageTreeReader reader = pages.open(pages.write(entries));
    for (Entry entry : entries) {
      switch (entry) {
        case Node node -> assertEquals(Optional.of(node), reader.find(node.path()));
        case Continuation part -> assertTrue(reader.find(part.path()).isPresent());
      }
      assertEquals(Optional.empty(), reader.find(entry.path().afterSubtree()));
    }
  }
}
