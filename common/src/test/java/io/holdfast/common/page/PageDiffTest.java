package io.holdfast.common.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattr;
import io.holdfast.common.entry.Xattrs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageDiffTest {
  private static final Metadata METADATA = new Metadata(0644, 0, 0, 1, 2, 3, 4, 5);

  /** Writes down what it is told. */
  private static final class Notes implements DiffVisitor {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void added(Node after) {
      lines.add("+ " + after.path());
    }

    @Override
    public void removed(Node before) {
      lines.add("- " + before.path());
    }

    @Override
    public void changed(Node before, Node after, Set<Difference> differences) {
      assertEquals(before.path(), after.path());
      lines.add("! " + after.path());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyDiffIsWhatComparingAllPathsFinds(long seed) {
    RandomTrees random = new RandomTrees(seed);
    List<Entry> before = random.entries(2_000);
    MemoryPages pages = new MemoryPages();
    PageTreeReader earlier = pages.open(pages.write(before));
    for (int steps : new int[] {0, 1, 3, 30, 500}) {
      List<Entry> after = random.later(before, steps);
      PageTreeReader later = pages.open(pages.write(after));
      assertEquals(bruteForce(before, after), diff(earlier, later));
      assertEquals(bruteForce(after, before), diff(later, earlier));
    }
  }

  @Test
  void shouldTellAllOfASnapshotAgainstAnEmptyOne() {
    List<Entry> entries = new RandomTrees(9).entries(500);
    MemoryPages pages = new MemoryPages();
    PageTreeReader full = pages.open(pages.write(entries));
    PageTreeReader empty = pages.open(pages.write(List.of()));
    assertEquals(bruteForce(List.of(), entries), diff(empty, full));
    assertEquals(bruteForce(entries, List.of()), diff(full, empty));
  }

  private static List<String> diff(PageTreeReader before, PageTreeReader after) {
    Notes notes = new Notes();
    PageDiff.between(before, after, notes);
    return notes.lines;
  }

  private static List<String> bruteForce(List<Entry> before, List<Entry> after) {
    Map<EntryPath, List<Entry>> left = RandomTrees.byPath(before);
    Map<EntryPath, List<Entry>> right = RandomTrees.byPath(after);
    Set<EntryPath> paths = new TreeSet<>(left.keySet());
    paths.addAll(right.keySet());
    List<String> lines = new ArrayList<>();
    for (EntryPath path : paths) {
      if (!left.containsKey(path)) {
        lines.add("+ " + path);
      } else if (!right.containsKey(path)) {
        lines.add("- " + path);
      } else if (!left.get(path).equals(right.get(path))) {
        lines.add("! " + path);
      }
    }
    return lines;
  }

  @Test
  void shouldReadOnlyPagesThatDiffer() {
    List<Entry> entries = PageTreeTest.files(50_000);
    MemoryPages pages = new MemoryPages();
    PageTreeReader earlier = pages.open(pages.write(entries));
    List<Entry> changed = new ArrayList<>(entries);
    changed.remove(25_000);
    PageTreeReader later = pages.open(pages.write(changed));

    int before = pages.reads();
    assertEquals(List.of("- file-025000.txt"), diff(earlier, later));
    int reads = pages.reads() - before;
    assertTrue(reads <= 40, "one removed entry read " + reads + " pages");
  }

  @Test
  void shouldReadNothingIfTheRootsAreEqual() {
    MemoryPages pages = new MemoryPages();
    PageTree tree = pages.write(PageTreeTest.files(1_000));
    PageTreeReader left = pages.open(tree);
    PageTreeReader right = pages.open(tree);
    int before = pages.reads();
    assertEquals(List.of(), diff(left, right));
    assertEquals(before, pages.reads());
  }

  @Test
  void shouldSayWhatDiffers() {
    Node file = PageTreeTest.file("f", 100);
    Metadata otherMode = new Metadata(0600, 0, 0, 1, 2, 3, 4, 5);
    Metadata otherTime = new Metadata(0644, 0, 0, 9, 2, 9, 4, 5);
    Form elsewhere = new Form.RegularFile(100, piece(7, 100));
    Form shorter = new Form.RegularFile(50, piece(7, 50));
    Xattrs xattrs = new Xattrs(List.of(new Xattr(Octets.utf8("user.a"), Octets.EMPTY)));

    assertDiffers(file, Node.of(file.path(), METADATA, Form.FIFO), Difference.TYPE);
    assertDiffers(file, file.withMetadata(otherMode), Difference.METADATA);
    assertDiffers(file, file.withForm(elsewhere), Difference.PLACEMENT);
    assertDiffers(file, file.withForm(shorter), Difference.CONTENT);
    assertDiffers(
        file,
        file.withForm(elsewhere).withMetadata(otherTime),
        Difference.CONTENT,
        Difference.METADATA);
    assertDiffers(file, file.withXattrs(xattrs), Difference.XATTRS);
    assertDiffers(file, file.withLinkDevice(5), Difference.METADATA);
    assertDiffers(file, file.withGap(Gap.of(GapReason.CHANGED_WHILE_READ)), Difference.GAP);
  }

  private static Segment piece(int chunk, int size) {
    return Segment.of(0, Extents.of(PageTreeTest.chunk(chunk), 0, size));
  }

  private static void assertDiffers(Node before, Node after, Difference... differences) {
    assertDiffers(List.of(before), List.of(after), Set.of(differences));
  }

  private static void assertDiffers(
      List<Entry> before, List<Entry> after, Set<Difference> differences) {
    MemoryPages pages = new MemoryPages();
    List<Set<Difference>> told = new ArrayList<>();
    DiffVisitor visitor =
        new DiffVisitor() {
          @Override
          public void added(Node node) {
            throw new AssertionError("added " + node);
          }

          @Override
          public void removed(Node node) {
            throw new AssertionError("removed " + node);
          }

          @Override
          public void changed(Node left, Node right, Set<Difference> each) {
            told.add(each);
          }
        };
    PageDiff.between(pages.open(pages.write(before)), pages.open(pages.write(after)), visitor);
    assertEquals(List.of(differences), told);
  }

  @Test
  void shouldFindTheFileOfALateSegmentThatAloneDiffers() {
    List<Entry> before = longFile(500, -1);
    List<Entry> after = longFile(500, 490);
    MemoryPages pages = new MemoryPages();
    assertTrue(pages.write(before).leafPages() > 3);

    assertDiffers(before, after, Set.of(Difference.PLACEMENT));
  }

  private static List<Entry> longFile(int segments, int changed) {
    EntryPath path = EntryPath.of("disk.img");
    List<Entry> entries = new ArrayList<>();
    long segmentBytes = 100L * 1_000;
    for (int segment = 0; segment < segments; segment++) {
      Extents.Builder extents = new Extents.Builder();
      for (int at = 0; at < 100; at++) {
        int number = segment * 100 + at + (segment == changed ? 1_000_000 : 0);
        extents.add(PageTreeTest.chunk(number), 0, 1_000);
      }
      Segment built = Segment.of(segment * segmentBytes, extents.build());
      entries.add(
          segment == 0
              ? Node.of(path, METADATA, new Form.RegularFile(segments * segmentBytes, built))
              : Continuation.of(path, built));
    }
    return entries;
  }
}
