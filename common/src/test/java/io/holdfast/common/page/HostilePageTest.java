package io.holdfast.common.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.ContentTag;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.RandomTrees;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages by somebody who wants to harm: whatever the bytes, a typed error, soon, and in little
 * memory.
 */
class HostilePageTest {
  private static final Set<ErrorCode> EXPECTED =
      Set.of(ErrorCode.PAGE_CORRUPT, ErrorCode.LIMIT_EXCEEDED, ErrorCode.UNKNOWN_VERSION);

  private static final Metadata METADATA = new Metadata(0644, 0, 0, 1, 2, 3, 4, 5);

  private final MemoryPages pages = new MemoryPages();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyMutatedPageReadsOrFailsTyped(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    pages.write(new RandomTrees(seed).entries(400));
    List<byte[]> originals = List.copyOf(pages.all().values());
    for (int round = 0; round < 7_000; round++) {
      byte[] mutated = mutate(originals.get(random.nextInt(originals.size())), random);
      try {
        PageCodec.decode(mutated).verify();
      } catch (HoldfastException e) {
        assertTrue(EXPECTED.contains(e.code()), () -> "seed " + seed + ": " + e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyPageThatDecodesEncodesBackToItsBytes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    pages.write(new RandomTrees(seed).entries(100));
    List<byte[]> originals = List.copyOf(pages.all().values());
    int accepted = 0;
    for (int round = 0; round < 7_000; round++) {
      byte[] mutated = mutate(originals.get(random.nextInt(originals.size())), random);
      accepted += readsBackAsItself(mutated) ? 1 : 0;
    }
    assertTrue(accepted > 100, "only " + accepted + " mutations were accepted");
  }

  private static boolean readsBackAsItself(byte[] plaintext) {
    Page page;
    try {
      page = PageCodec.decode(plaintext);
      page.verify();
    } catch (HoldfastException e) {
      return false;
    }
    OpenPage copy = new OpenPage(page.level(), MemoryPages.NAMES);
    byte[] again =
        switch (page) {
          case LeafPage leaf -> {
            EntrySequence sequence = new EntrySequence(ErrorCode.INTERNAL);
            sequence.forget();
            for (Entry entry : PageTreeTest.readAll(leaf.entries())) {
              copy.add(entry, sequence.accept(entry));
            }
            yield copy.toPlaintext();
          }
          case IndexPage index -> {
            index.children().forEach(copy::add);
            yield index.root().map(copy::toRootPlaintext).orElseGet(copy::toPlaintext);
          }
        };
    assertTrue(Arrays.equals(plaintext, again), "a page has two forms");
    return true;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyTreeWithAMutatedPageReadsOrFailsTyped(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PageTree tree = pages.write(new RandomTrees(seed).entries(2_000));
    List<Reference> references = List.copyOf(pages.all().keySet());
    for (int round = 0; round < 300; round++) {
      Reference victim = references.get(random.nextInt(references.size()));
      byte[] original = pages.read(victim);
      boolean swap = random.nextInt(4) == 0;
      byte[] bytes =
          swap
              ? pages.read(references.get(random.nextInt(references.size())))
              : mutate(original, random);
      pages.replace(victim, bytes);
      try {
        PageTreeTest.readAll(pages.open(tree).entries());
        assertTrue(!swap || Arrays.equals(bytes, original), "a swapped page was read");
      } catch (HoldfastException e) {
        assertTrue(isExpected(e), () -> "seed " + seed + ": " + e);
      }
      pages.replace(victim, original);
    }
  }

  /** A mutated table may name a page that isn't there. */
  private static boolean isExpected(HoldfastException e) {
    return EXPECTED.contains(e.code()) || e.code() == ErrorCode.CHUNK_NOT_FOUND;
  }

  private static byte[] mutate(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) 0xff;
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 4 -> bytes = spliced(bytes, at, random.nextInt(bytes.length));
        default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 10), (byte) 0xff);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int to, int from) {
    byte[] copy = bytes.clone();
    int length = Math.min(30, bytes.length - Math.max(from, to));
    System.arraycopy(bytes, from, copy, to, length);
    return copy;
  }

  @Test
  void shouldRefuseAnotherVersionByBothNumbers() {
    byte[] page = leaf(PageTreeTest.file("a", 1));
    page[0] = 2;
    HoldfastException e = assertThrows(HoldfastException.class, () -> PageCodec.decode(page));
    assertEquals(ErrorCode.UNKNOWN_VERSION, e.code());
    assertTrue(e.getMessage().contains("version 2") && e.getMessage().contains("version 1"));
  }

  @Test
  void shouldRefuseLyingCountsBeforeTakingMemory() {
    refused(ErrorCode.LIMIT_EXCEEDED, out -> out.varint(65_537));
    refused(ErrorCode.LIMIT_EXCEEDED, out -> out.varint(-1));
    refused(ErrorCode.PAGE_CORRUPT, out -> out.varint(65_536));
    refused(ErrorCode.LIMIT_EXCEEDED, out -> items(out, 1L << 31));
    refused(ErrorCode.PAGE_CORRUPT, out -> items(out, 1_000_000));
    refused(ErrorCode.PAGE_CORRUPT, out -> items(out, 0));
    refused(ErrorCode.LIMIT_EXCEEDED, out -> path(out, 0, 65_536));
    refused(ErrorCode.PAGE_CORRUPT, out -> path(out, 0, 65_535));
    refused(ErrorCode.PAGE_CORRUPT, out -> path(out, 5, 1));
    refused(ErrorCode.LIMIT_EXCEEDED, out -> segment(out, 4_097));
    refused(ErrorCode.PAGE_CORRUPT, out -> segment(out, 4_096));
  }

  private static void items(PageOutput out, long count) {
    out.varint(0);
    out.varint(count);
  }

  private static void path(PageOutput out, int shared, int rest) {
    items(out, 1);
    out.varint(2);
    out.varint(shared);
    out.varint(rest);
    out.octets(Octets.of(new byte[20]));
  }

  private static void segment(PageOutput out, int extents) {
    items(out, 1);
    out.varint(1);
    out.path(EntryPath.of("f"), 0);
    for (int field = 0; field < 8; field++) {
      out.varint(0);
    }
    out.varint(5);
    out.varint(5);
    out.varint(extents);
    out.octets(Octets.of(new byte[100]));
  }

  private interface Body {
    void write(PageOutput out);
  }

  /** A leaf of what {@code body} writes from the reference count on. */
  private static void refused(ErrorCode code, Body body) {
    PageOutput out = new PageOutput(16);
    header(out);
    body.write(out);
    refused(code, out.toByteArray());
  }

  private static void header(PageOutput out) {
    out.unsignedByte(1);
    out.unsignedByte(0);
    out.unsignedByte(0);
    out.unsignedByte(0);
  }

  private static void refused(ErrorCode code, byte[] page) {
    HoldfastException e =
        assertThrows(HoldfastException.class, () -> PageCodec.decode(page).verify());
    assertEquals(code, e.code(), e.getMessage());
  }

  @Test
  void shouldRefuseContentTagsWhereNoneMayBe() {
    refused(ErrorCode.PAGE_CORRUPT, out -> tagged(out, 1, ChunkKind.DATA, 10, 10));
    refused(ErrorCode.PAGE_CORRUPT, out -> tagged(out, 1, ChunkKind.BUNDLE, 11, 10));
    refused(
        ErrorCode.PAGE_CORRUPT,
        out -> tagged(out, 1 | EntryHead.BLOCK_MAP, ChunkKind.BUNDLE, 10, 10));
    refused(ErrorCode.PAGE_CORRUPT, out -> tagged(out, 2, ChunkKind.BUNDLE, 10, 10));
    refused(ErrorCode.PAGE_CORRUPT, out -> tagged(out, 8, ChunkKind.BUNDLE, 10, 10));
    refused(
        ErrorCode.PAGE_CORRUPT,
        out -> {
          tagged(out, 1, ChunkKind.BUNDLE, 10, 10);
          out.unsignedByte(0);
        });
    PageOutput cut = new PageOutput(16);
    header(cut);
    tagged(cut, 1, ChunkKind.BUNDLE, 10, 10);
    byte[] whole = cut.toByteArray();
    assertEquals(1, PageCodec.decode(whole).verify().files());
    for (int shorter = 1; shorter <= ContentTag.LENGTH; shorter++) {
      refused(ErrorCode.PAGE_CORRUPT, Arrays.copyOf(whole, whole.length - shorter));
    }
  }

  /** One entry with a content tag, from the reference count on. */
  private static void tagged(PageOutput out, int head, ChunkKind kind, int size, int length) {
    out.varint(1);
    out.reference(new Reference(kind, new Bytes32(1, 2, 3, 4)));
    out.varint(1);
    out.varint(head | EntryHead.CONTENT_TAG);
    out.path(EntryPath.of("f"), 0);
    for (int field = 0; field < 8; field++) {
      out.varint(0);
    }
    out.varint(size);
    out.varint(length);
    out.varint(1);
    out.varint(1);
    out.varint(length);
    out.varint(7);
    if ((head & EntryHead.BLOCK_MAP) != 0) {
      out.varint(0);
    }
    out.fixed64(-1);
  }

  @Test
  void shouldRefuseAPageOverTheLimit() {
    byte[] large = Arrays.copyOf(leaf(PageTreeTest.file("a", 1)), PageLimits.MAX_PAGE_BYTES + 1);
    refused(ErrorCode.LIMIT_EXCEEDED, large);
    refused(ErrorCode.PAGE_CORRUPT, Arrays.copyOf(large, 2_000));
    refused(ErrorCode.PAGE_CORRUPT, new byte[0]);
  }

  @Test
  void shouldRefuseALevelOverTheLimit() {
    byte[] page = leaf(PageTreeTest.file("a", 1));
    page[1] = 33;
    refused(ErrorCode.LIMIT_EXCEEDED, page);
  }

  @Test
  void shouldRefusePathsThatLeaveTheTree() {
    for (String unsafe : List.of("..", "a/../b", "/etc", "a//b", ".", "a/", "a\0b")) {
      byte[] page = leaf(PageTreeTest.file("x".repeat(unsafe.length()), 1));
      int at = indexOf(page, (byte) 'x');
      byte[] bytes = Octets.utf8(unsafe).toByteArray();
      System.arraycopy(bytes, 0, page, at, bytes.length);
      refused(ErrorCode.PAGE_CORRUPT, page);
    }
  }

  @Test
  void shouldRefuseAFileBelowASymbolicLink() {
    Node link = Node.of(EntryPath.of("a"), METADATA, new Form.SymbolicLink(Octets.utf8("/etc")));
    refused(ErrorCode.PAGE_CORRUPT, leaf(link, PageTreeTest.file("a/passwd", 1)));
    Node directory = Node.of(EntryPath.of("a"), METADATA, Form.DIRECTORY);
    byte[] honest = leaf(directory, PageTreeTest.file("a/passwd", 1));
    assertEquals(2, PageCodec.decode(honest).verify().entries());
  }

  @Test
  void shouldRefuseEntriesOutOfOrderOrTwice() {
    Node a = PageTreeTest.file("a", 1);
    refused(ErrorCode.PAGE_CORRUPT, leaf(PageTreeTest.file("b", 1), a));
    refused(ErrorCode.PAGE_CORRUPT, leaf(a, a));
  }

  @Test
  void shouldRefuseTotalsThatAreWrong() {
    Reference leaf = chunk(leaf(PageTreeTest.file("a", 1)));
    EntryKey first = EntryKey.of(EntryPath.of("a"));
    for (Totals wrong :
        List.of(
            new Totals(2, 1, 0, 1, 0),
            new Totals(1, 0, 0, 1, 0),
            new Totals(1, 1, 1, 1, 0),
            new Totals(1, 1, 0, 2, 0),
            new Totals(1, 1, 0, 1, 1))) {
      fails("the index says", root(1, wrong, new Child(first, leaf, wrong)));
    }
    Totals right = new Totals(1, 1, 0, 1, 0);
    fails("sum of its children", root(1, Totals.ZERO, new Child(first, leaf, right)));
    assertEquals(1, read(root(1, right, new Child(first, leaf, right))).size());
  }

  @Test
  void shouldRefuseTotalsBeyond63Bits() {
    Totals much = new Totals(1, 1, 0, Long.MAX_VALUE, 0);
    Child a = new Child(EntryKey.of(EntryPath.of("a")), chunk(new byte[] {1}), much);
    Child b = new Child(EntryKey.of(EntryPath.of("b")), chunk(new byte[] {2}), much);
    HoldfastException e = assertThrows(HoldfastException.class, () -> read(root(1, much, a, b)));
    assertTrue(EXPECTED.contains(e.code()));
  }

  @Test
  void shouldRefuseChildrenThatBeginElsewhere() {
    Totals one = new Totals(1, 1, 0, 1, 0);
    Reference leaf = chunk(leaf(PageTreeTest.file("b", 1)));
    fails("it begins at", root(1, one, new Child(EntryKey.of(EntryPath.of("a")), leaf, one)));
  }

  @Test
  void shouldRefuseChildrenThatReachIntoTheNext() {
    Totals two = new Totals(2, 2, 0, 2, 0);
    Totals one = new Totals(1, 1, 0, 1, 0);
    Reference wide = chunk(leaf(PageTreeTest.file("a", 1), PageTreeTest.file("c", 1)));
    Reference inside = chunk(leaf(PageTreeTest.file("b", 1)));
    fails(
        "the page after it begins",
        root(
            1,
            two.plus(one),
            new Child(EntryKey.of(EntryPath.of("a")), wide, two),
            new Child(EntryKey.of(EntryPath.of("b")), inside, one)));
  }

  @Test
  void shouldRefuseLevelsThatDontDescendOneByOne() {
    Totals one = new Totals(1, 1, 0, 1, 0);
    EntryKey first = EntryKey.of(EntryPath.of("a"));
    Child leaf = new Child(first, chunk(leaf(PageTreeTest.file("a", 1))), one);
    Child index = new Child(first, chunk(index(1, leaf)), one);
    Child root = new Child(first, chunk(root(1, one, leaf)), one);
    fails("level", root(2, one, leaf));
    fails("level", root(3, one, index));
    fails("level", root(1, one, index));
    fails("is a root", root(2, one, root));
    assertEquals(1, read(root(2, one, index)).size());
  }

  @Test
  void aPageThatListsItselfIsNoLoop() {
    Totals one = new Totals(1, 1, 0, 1, 0);
    EntryKey first = EntryKey.of(EntryPath.of("a"));
    Reference self = chunk(new byte[] {42});
    pages.replace(self, index(5, new Child(first, self, one)));
    fails("level", root(6, one, new Child(first, self, one)));
  }

  @Test
  void shouldRefuseRootsThatAreNone() {
    Totals one = new Totals(1, 1, 0, 1, 0);
    byte[] leaf = leaf(PageTreeTest.file("a", 1));
    Child child = new Child(EntryKey.of(EntryPath.of("a")), chunk(leaf), one);
    fails("is none", leaf);
    fails("is none", index(1, child));
  }

  @Test
  void shouldRefuseReferencesOfTheWrongKind() {
    Totals one = new Totals(1, 1, 0, 1, 0);
    Reference data = new Reference(ChunkKind.DATA, new Bytes32(1, 2, 3, 4));
    fails(
        "is a data reference", root(1, one, new Child(EntryKey.of(EntryPath.of("a")), data, one)));
    byte[] leaf = leaf(PageTreeTest.file("a", 1));
    leaf[5] = (byte) ChunkKind.PAGE.number();
    refused(ErrorCode.PAGE_CORRUPT, leaf);
    leaf[5] = 9;
    refused(ErrorCode.PAGE_CORRUPT, leaf);
  }

  @Test
  void aTableFullOfEqualHashesIsReadSoon() {
    PageOutput out = new PageOutput(1 << 20);
    out.unsignedByte(1);
    out.unsignedByte(0);
    out.unsignedByte(0);
    out.unsignedByte(0);
    int count = 60_000;
    out.varint(count);
    for (int at = 0; at < count; at++) {
      out.reference(new Reference(ChunkKind.DATA, new Bytes32(at, 0, 0, at)));
    }
    out.varint(1);
    byte[] page = out.toByteArray();
    Executable decode = () -> refused(ErrorCode.PAGE_CORRUPT, page);
    assertTimeout(Duration.ofSeconds(5), decode);
  }

  private Reference chunk(byte[] page) {
    return pages.put(page);
  }

  private List<Entry> read(byte[] root) {
    return new ArrayList<>(
        PageTreeTest.readAll(PageTreeReader.open(pages, pages.put(root)).entries()));
  }

  private void fails(String why, byte[] root) {
    HoldfastException e = assertThrows(HoldfastException.class, () -> read(root));
    assertEquals(ErrorCode.PAGE_CORRUPT, e.code());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  /** A leaf of whatever entries, in whatever order. */
  private static byte[] leaf(Entry... entries) {
    OpenPage page = new OpenPage(0, MemoryPages.NAMES);
    EntryPath last = null;
    for (Entry entry : entries) {
      page.add(entry, last == null ? 0 : last.sharedLength(entry.path()));
      last = entry.path();
    }
    return page.toPlaintext();
  }

  private static byte[] index(int level, Child... children) {
    OpenPage page = new OpenPage(level, MemoryPages.NAMES);
    Arrays.stream(children).forEach(page::add);
    return page.toPlaintext();
  }

  private static byte[] root(int level, Totals totals, Child... children) {
    OpenPage page = new OpenPage(level, MemoryPages.NAMES);
    Arrays.stream(children).forEach(page::add);
    return page.toRootPlaintext(new RootHeader(List.of(Octets.utf8("/")), totals));
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    int at = 0;
    while (bytes[at] != wanted) {
      at++;
    }
    return at;
  }
}
