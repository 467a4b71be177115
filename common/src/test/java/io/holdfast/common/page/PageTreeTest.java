package io.holdfast.common.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.RandomTrees;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.entry.Xattr;
import io.holdfast.common.entry.Xattrs;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTreeTest {
  private static final Metadata METADATA = new Metadata(0644, 0, 0, 1, 2, 3, 4, 5);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTreeReadsBackAsItWasWritten(long seed) {
    List<Entry> entries = new RandomTrees(seed).entries((int) (seed * seed * 40));
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(entries);

    PageTreeReader reader = pages.open(tree);

    assertEquals(entries, readAll(reader.entries()));
    assertEquals(totalsOf(entries), reader.header().totals());
    assertEquals(tree.header(), reader.header());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void everyPageEncodesBackToItsBytes(long seed) {
    MemoryPages pages = new MemoryPages();
    PageTree first = pages.write(new RandomTrees(seed).entries(3_000));

    MemoryPages again = new MemoryPages();
    PageTree second = again.write(readAll(pages.open(first).entries()));

    assertEquals(first, second);
    assertEquals(pages.all().keySet(), again.all().keySet());
    pages.all().forEach((page, bytes) -> assertArrayEquals(bytes, again.read(page)));
  }

  @Test
  void shouldWriteAnEmptySnapshotAsOneRoot() {
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(List.of());

    assertEquals(1, tree.indexPages());
    assertEquals(0, tree.leafPages());
    assertFalse(pages.open(tree).entries().next());
    assertEquals(Totals.ZERO, pages.open(tree).header().totals());
  }

  @Test
  void shouldMakeTheFirstLevelThatFitsOnePageTheRoot() {
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(files(400_000));

    int rootLevel = pages.summaries().getLast().level();
    assertTrue(pages.summaries().getLast().root());
    assertTrue(rootLevel >= 2);
    assertTrue(pagesOfLevel(pages, rootLevel - 1) > 1);
    assertEquals(1, pagesOfLevel(pages, rootLevel));
    assertEquals(tree.leafPages(), pagesOfLevel(pages, 0));
    assertEquals(tree.pageBytes(), pages.all().values().stream().mapToLong(b -> b.length).sum());
  }

  @Test
  void oneChangedEntryChangesOnlyThePagesAboveIt() {
    List<Entry> entries = files(50_000);
    MemoryPages pages = new MemoryPages();
    pages.write(entries);
    Set<Reference> before = new HashSet<>(pages.all().keySet());

    for (int at : new int[] {0, 777, 25_000, 49_999}) {
      List<Entry> changed = new ArrayList<>(entries);
      Node node = (Node) entries.get(at);
      changed.set(at, node.withMetadata(new Metadata(0600, 1, 2, 3, 4, 5, 6, 7)));
      MemoryPages other = new MemoryPages();
      other.write(changed);
      Set<Reference> fresh = new HashSet<>(other.all().keySet());
      fresh.removeAll(before);
      int levels = other.summaries().getLast().level() + 1;
      assertTrue(fresh.size() <= 2 * levels, fresh.size() + " new pages for entry " + at);
    }
  }

  @Test
  void oneEntryMoreOrLessShiftsOnlyItsNeighbourhood() {
    List<Entry> entries = files(50_000);
    MemoryPages pages = new MemoryPages();
    pages.write(entries);
    Set<Reference> before = new HashSet<>(pages.all().keySet());
    long worst = 0;
    for (int at = 1_000; at < 50_000; at += 4_900) {
      List<Entry> changed = new ArrayList<>(entries);
      changed.remove(at);
      MemoryPages other = new MemoryPages();
      other.write(changed);
      worst =
          Math.max(worst, other.all().keySet().stream().filter(p -> !before.contains(p)).count());
    }
    assertTrue(worst <= 20, "a removed entry changed " + worst + " pages");
  }

  @Test
  void pagesAreOfTheSizesTheRuleAimsAt() {
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(files(50_000));
    long mean = tree.pageBytes() / (tree.leafPages() + tree.indexPages());
    assertTrue(mean > 10_000 && mean < 40_000, "mean page has " + mean + " bytes");
  }

  @Test
  void shouldKeepTheLargestEntriesThereCanBe() {
    List<Entry> entries = largest();
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(entries);

    assertEquals(entries, readAll(pages.open(tree).entries()));
    long most = pages.all().values().stream().mapToLong(bytes -> bytes.length).max().orElseThrow();
    assertTrue(most < PageLimits.MAX_PAGE_BYTES, "a page has " + most + " bytes");
  }

  private static List<Entry> largest() {
    RandomTrees random = new RandomTrees(5);
    List<Entry> entries = new ArrayList<>();
    EntryPath directory = EntryPath.of("d".repeat(EntryPath.MAX_BYTES - 4));
    entries.add(Node.of(directory, METADATA, Form.DIRECTORY).withXattrs(largestXattrs()));
    for (int file = 0; file < 4; file++) {
      EntryPath path = directory.child(Octets.utf8("f" + file));
      List<Segment> segments = new ArrayList<>();
      for (int at = 0; at < 3; at++) {
        Extents.Builder extents = new Extents.Builder(Extents.MAX_COUNT);
        for (int count = 0; count < Extents.MAX_COUNT; count++) {
          extents.add(random.reference(ChunkKind.DATA), (8 << 20) + count, 200_000);
        }
        segments.add(
            new Segment(
                at * 200_000L * Extents.MAX_COUNT,
                extents.build(),
                Optional.of(random.reference(ChunkKind.BLOCK_MAP))));
      }
      long size = segments.getLast().endBytes();
      entries.add(
          Node.of(path, METADATA, new Form.RegularFile(size, segments.getFirst()))
              .withXattrs(largestXattrs()));
      entries.add(Continuation.of(path, segments.get(1)));
      entries.add(Continuation.of(path, segments.get(2)));
    }
    return entries;
  }

  private static Xattrs largestXattrs() {
    List<Xattr> xattrs = new ArrayList<>();
    for (int at = 0; at < 16_384; at++) {
      byte[] name = {'u', (byte) (1 + at / 128), (byte) (1 + at % 128)};
      xattrs.add(new Xattr(Octets.of(name), Octets.utf8("v")));
    }
    return Xattrs.sorted(xattrs);
  }

  @Test
  void indexLevelsOfTheLongestPathsConverge() {
    String top = "p".repeat(EntryPath.MAX_BYTES - 4);
    List<Entry> entries = new ArrayList<>();
    for (char c = 'a'; c <= 'p'; c++) {
      entries.add(file(c + top, 1));
    }
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(entries);

    assertEquals(16, tree.leafPages());
    assertEquals(8 + 4 + 2 + 1, tree.indexPages());
    assertEquals(entries, readAll(pages.open(tree).entries()));
  }

  @Test
  void writerMemoryStaysBoundedOverTwoMillionEntries() {
    long[] stored = new long[1];
    PageSink sink =
        (plaintext, references, summary) ->
            new Reference(ChunkKind.PAGE, new Bytes32(stored[0]++, 0, 0, plaintext.length));
    PageTreeWriter writer = new PageTreeWriter(sink, MemoryPages.NAMES);
    long most = 0;
    Node directory = null;
    for (int at = 0; at < 2_000_000; at++) {
      if (at % 1_000 == 0) {
        directory = Node.of(EntryPath.of("d%05d".formatted(at / 1_000)), METADATA, Form.DIRECTORY);
        writer.add(directory);
      }
      writer.add(smallFile(directory.path(), at));
      most = at % 64 == 0 ? Math.max(most, writer.retainedBytes()) : most;
    }
    PageTree tree = writer.finish(List.of(Octets.utf8("/")));

    assertEquals(2_002_000, tree.header().totals().entries());
    assertTrue(tree.leafPages() > 1_000);
    assertTrue(most < 2 << 20, "the writer held " + most + " bytes");
  }

  private static Node smallFile(EntryPath directory, int number) {
    byte[] name = {
      (byte) ('a' + number / 100 % 10),
      (byte) ('0' + number / 10 % 10),
      (byte) ('0' + number % 10),
      '.',
      'c'
    };
    Reference bundle = new Reference(ChunkKind.BUNDLE, new Bytes32(number / 100, 1, 2, 3));
    Extents extents = Extents.of(bundle, number % 100 * 1_000, 1_000);
    return Node.of(
        directory.child(Octets.of(name)),
        METADATA,
        new Form.RegularFile(1_000, Segment.of(0, extents)));
  }

  @Test
  void shouldRefuseEntriesThatAreNoList() {
    Node dir = Node.of(EntryPath.of("a"), METADATA, Form.DIRECTORY);
    Node link = Node.of(EntryPath.of("a"), METADATA, new Form.SymbolicLink(Octets.utf8("/etc")));
    Node inside = file("a/b", 1);
    Segment later = Segment.of(10, Extents.of(chunk(1), 0, 5));
    Node longFile = longFile("f", 15, 10);

    refuses("out of order", file("b", 1), file("a", 1));
    refuses("out of order", file("a", 1), file("a", 1));
    refuses("out of order", dir, inside, file("a/b", 1));
    refuses("no directory", inside);
    refuses("no directory", link, inside);
    refuses("no directory", dir, file("a-b", 1), file("a-b/c", 1));
    refuses("no directory", dir, file("a/b/c", 1));
    refuses("doesn't follow", Continuation.of(EntryPath.of("f"), later));
    refuses("doesn't follow", dir, Continuation.of(EntryPath.of("a"), later));
    refuses("doesn't follow", longFile, Continuation.of(EntryPath.of("g"), later));
    refuses("begins at byte", longFile("f", 15, 9), Continuation.of(EntryPath.of("f"), later));
    refuses("its segments", longFile, file("g", 1));
    refuses("its segments", longFile("f", 16, 10), Continuation.of(EntryPath.of("f"), later));
    accepts(longFile, Continuation.of(EntryPath.of("f"), later), file("g", 1));
    accepts(
        longFile("f", 99, 9).withGap(Gap.of(GapReason.VANISHED)),
        Continuation.of(EntryPath.of("f"), later));
    accepts(dir, inside, file("a-b", 1), file("b", 1));
  }

  private static void refuses(String why, Entry... entries) {
    HoldfastException e =
        assertThrows(HoldfastException.class, () -> new MemoryPages().write(List.of(entries)));
    assertEquals(ErrorCode.INTERNAL, e.code());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  private static void accepts(Entry... entries) {
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(List.of(entries));
    assertEquals(Arrays.asList(entries), readAll(pages.open(tree).entries()));
  }

  @Test
  void shouldRefuseSourcesOutOfOrder() {
    PageTreeWriter writer = new PageTreeWriter(new MemoryPages(), MemoryPages.NAMES);
    List<Octets> sources = List.of(Octets.utf8("/b"), Octets.utf8("/a"));
    assertThrows(IllegalArgumentException.class, () -> writer.finish(sources));
  }

  @Test
  void shouldPutSegmentsOfAFileTogether() {
    List<Entry> entries = new RandomTrees(21).entries(2_000);
    MemoryPages pages = new MemoryPages();
    NodeCursor nodes = new NodeCursor(pages.open(pages.write(entries)).entries());
    List<Entry> seen = new ArrayList<>();
    while (nodes.next()) {
      seen.add(nodes.node());
      // Every third file is passed over, to see that its segments don't spill into the next one.
      if (seen.size() % 3 == 0) {
        continue;
      }
      long size = 0;
      while (nodes.nextSegment()) {
        assertEquals(size, nodes.segment().offsetBytes());
        size = nodes.segment().endBytes();
      }
      if (nodes.node().form() instanceof Form.RegularFile file && nodes.gap().isEmpty()) {
        assertEquals(file.sizeBytes(), size);
      }
    }
    assertEquals(entries.stream().filter(Node.class::isInstance).toList(), seen);
  }

  static List<Entry> readAll(EntryCursor cursor) {
    List<Entry> entries = new ArrayList<>();
    while (cursor.next()) {
      entries.add(cursor.entry());
    }
    return entries;
  }

  static Node file(String path, int size) {
    Extents extents = Extents.of(chunk(path.hashCode() / 100), 0, size);
    return Node.of(
        EntryPath.of(path), METADATA, new Form.RegularFile(size, Segment.of(0, extents)));
  }

  private static Node longFile(String path, long size, int first) {
    Segment segment = Segment.of(0, Extents.of(chunk(7), 0, first));
    return Node.of(EntryPath.of(path), METADATA, new Form.RegularFile(size, segment));
  }

  static Reference chunk(int number) {
    return new Reference(ChunkKind.DATA, new Bytes32(number, 2, 3, 4));
  }

  static List<Entry> files(int count) {
    List<Entry> entries = new ArrayList<>();
    for (int at = 0; at < count; at++) {
      entries.add(file("file-%06d.txt".formatted(at), 100));
    }
    return entries;
  }

  private static long pagesOfLevel(MemoryPages pages, int level) {
    return pages.summaries().stream().filter(summary -> summary.level() == level).count();
  }

  private static Totals totalsOf(List<Entry> entries) {
    Totals totals = Totals.ZERO;
    for (Entry entry : entries) {
      int gaps = entry.gap().isPresent() ? 1 : 0;
      totals =
          totals.plus(
              entry instanceof Node node
                  ? switch (node.form()) {
                    case Form.RegularFile file -> new Totals(1, 1, 0, file.sizeBytes(), gaps);
                    case Form.Directory directory -> new Totals(1, 0, 1, 0, gaps);
                    default -> new Totals(1, 0, 0, 0, gaps);
                  }
                  : new Totals(0, 0, 0, 0, gaps));
    }
    return totals;
  }
}
