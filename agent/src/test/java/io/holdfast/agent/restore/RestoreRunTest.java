package io.holdfast.agent.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreRunTest {
  @TempDir Path directory;
  final MemorySnapshot content = new MemorySnapshot();
  private Path target;

  @BeforeEach
  void makeTarget() {
    target = directory.resolve("target");
  }

  /** By the read-back. */
  int askedAgain() {
    return 1;
  }

  RestoreLimits limits() {
    return RestoreLimits.STANDARD;
  }

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Metadata metadata(int mode) {
    long owner = io.holdfast.agent.posix.Posix.effectiveUserId();
    return new Metadata(mode, owner, owner, 1_000, 5, 2_000, 6, 77);
  }

  private static Node dir(String path) {
    return Node.of(EntryPath.of(path), metadata(0755), Form.DIRECTORY);
  }

  private static Node file(String path, long size, Extents extents) {
    return Node.of(
        EntryPath.of(path), metadata(0644), new Form.RegularFile(size, Segment.of(0, extents)));
  }

  private Node file(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return file(path, bytes.length, content.store(bytes));
  }

  private RestoreResult restore(RestorePlan plan, Entry... entries) throws Exception {
    return restore(plan, List.of(entries));
  }

  private RestoreResult restore(RestorePlan plan, List<Entry> entries) throws Exception {
    RestorePorts ports =
        new RestorePorts(
            Thread.ofPlatform().daemon().factory(), limits(), directory, Time.system());
    byte[] where = target.toString().getBytes(StandardCharsets.UTF_8);
    return new RestoreRun(content.open(entries), where, plan, ports).execute();
  }

  private static void assertFailed(RestoreResult result, String path, ErrorCode code) {
    assertEquals(1, result.findings().failureCount(), result.findings().failures().toString());
    Findings.Failure failure = result.findings().failures().getFirst();
    assertEquals(path, failure.path().toString());
    assertEquals(code, failure.code(), failure.text());
  }

  private List<String> names() throws Exception {
    try (Stream<Path> all = Files.list(target)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void shouldWriteOneChunkToAllItsPlacesAndAskForItOnce() throws Exception {
    Reference shared = content.chunk("0123456789".getBytes(StandardCharsets.US_ASCII));
    Extents mixed = new Extents.Builder().add(shared, 4, 3).addHole(5).add(shared, 0, 2).build();

    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING.withSample(1_000),
            file("a", 10, Extents.of(shared, 0, 10)),
            file("b", 10, mixed),
            file("c", 2, Extents.of(shared, 8, 2)));

    assertTrue(result.isComplete());
    assertEquals("0123456789", Files.readString(target.resolve("a")));
    assertEquals("456\0\0\0\0\00001", Files.readString(target.resolve("b")));
    assertEquals("89", Files.readString(target.resolve("c")));
    assertEquals(3, result.counters().filesSampled());
    assertEquals(askedAgain(), content.askedTwice());
  }

  /** What somebody, or a bad disk, does to a file that was just restored. */
  private enum Alteration {
    ANOTHER_BYTE {
      @Override
      void of(RandomAccessFile file) throws IOException {
        file.seek(2);
        file.write('X');
      }
    },
    CUT_SHORT {
      @Override
      void of(RandomAccessFile file) throws IOException {
        file.setLength(3);
      }
    },
    LONGER {
      @Override
      void of(RandomAccessFile file) throws IOException {
        file.seek(file.length());
        file.write('X');
      }
    };

    abstract void of(RandomAccessFile file) throws IOException;

    /** Nothing, as long as the file isn't there. */
    void of(Path path) {
      if (Files.exists(path)) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
          of(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  @Test
  void shouldNotBeCompleteIfAFileIsOtherWhenItIsReadBack() throws Exception {
    for (Alteration alteration : Alteration.values()) {
      target = directory.resolve(alteration.name());
      content.whenAsked(() -> alteration.of(target.resolve("b"))); // by the read-back at the latest
      RestoreResult result =
          restore(
              RestorePlan.EVERYTHING.withSample(1_000),
              file("a", "stays as it is"),
              file("b", "changes"),
              file("c", "stays, too"));
      assertFalse(result.isComplete());
      assertFailed(result, "b", ErrorCode.IO);
      String text = result.findings().failures().getFirst().text();
      assertTrue(text.contains("reads back with other bytes"), text);
      assertEquals(2, result.counters().filesSampled());
    }
  }

  @Test
  void shouldFailOnlyTheFileWhoseChunkIsChanged() throws Exception {
    Reference bad = content.chunk(noise(5_000, 1));
    content.damage(bad);
    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING,
            file("bad", 5_000, Extents.of(bad, 0, 5_000)),
            file("good", "fine"));
    assertFailed(result, "bad", ErrorCode.CHUNK_CORRUPT);
    assertEquals(List.of("good"), names());
  }

  @Test
  void shouldTakeAnotherCopyOfAChunkThatDoesNotOpen() throws Exception {
    byte[] bytes = noise(5_000, 1);
    Reference chunk = content.chunk(bytes);
    content.copy(chunk);
    content.damage(chunk);
    content.copy(chunk); // the good one stands behind it
    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING,
            file("one", 5_000, Extents.of(chunk, 0, 5_000)),
            file("other", "fine"),
            file("part", 100, Extents.of(chunk, 4_000, 100)));
    assertTrue(result.isComplete());
    assertArrayEquals(bytes, Files.readAllBytes(target.resolve("one")));
    assertArrayEquals(
        Arrays.copyOfRange(bytes, 4_000, 4_100), Files.readAllBytes(target.resolve("part")));
  }

  @Test
  void shouldGiveUpAChunkNoneOfWhoseCopiesOpens() throws Exception {
    Reference bad = content.chunk(noise(5_000, 1));
    content.damage(bad);
    for (int i = 0; i < 100; i++) {
      content.copy(bad); // more than anybody asks for
    }
    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING,
            file("bad", 5_000, Extents.of(bad, 0, 5_000)),
            file("good", "fine"));
    assertFailed(result, "bad", ErrorCode.CHUNK_CORRUPT);
    assertEquals(List.of("good"), names());
  }

  @Test
  void shouldWriteNothingOfAChunkThatHasAnothersContent() throws Exception {
    Reference wanted = content.chunk(noise(5_000, 1));
    content.swap(wanted, content.chunk(noise(5_000, 2)));
    RestoreResult result =
        restore(RestorePlan.EVERYTHING, file("swapped", 5_000, Extents.of(wanted, 0, 5_000)));
    assertFailed(result, "swapped", ErrorCode.CHUNK_CORRUPT);
    assertEquals(List.of(), names());
  }

  @Test
  void shouldFailAFileThatLacksOneOfItsChunks() throws Exception {
    Reference first = content.chunk(noise(1_000, 1));
    Reference second = content.chunk(noise(1_000, 2));
    content.lose(second);
    Extents both = new Extents.Builder().add(first, 0, 1_000).add(second, 0, 1_000).build();
    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING,
            file("half", 2_000, both),
            file("whole", 1_000, Extents.of(first, 0, 1_000)));
    assertFailed(result, "half", ErrorCode.CHUNK_NOT_FOUND);
    assertEquals(List.of("whole"), names());
  }

  @Test
  void shouldRefuseAnExtentBeyondItsChunk() throws Exception {
    Reference small = content.chunk(noise(100, 1));
    RestoreResult result =
        restore(RestorePlan.EVERYTHING, file("beyond", 100, Extents.of(small, 50, 100)));
    assertFailed(result, "beyond", ErrorCode.PAGE_CORRUPT);
    assertEquals(List.of(), names());
  }

  @Test
  void shouldRestoreFilesOfManySegments() throws Exception {
    byte[] all = noise(300_000, 3);
    List<Entry> entries = new ArrayList<>();
    entries.add(file("long", all.length, content.store(Arrays.copyOf(all, 100_000))));
    for (int at = 100_000; at < all.length; at += 100_000) {
      byte[] part = Arrays.copyOfRange(all, at, at + 100_000);
      entries.add(Continuation.of(EntryPath.of("long"), Segment.of(at, content.store(part))));
    }
    assertTrue(restore(RestorePlan.EVERYTHING.withSample(1_000), entries).isComplete());
    assertEquals(-1, Arrays.mismatch(all, Files.readAllBytes(target.resolve("long"))));
  }

  @Test
  void shouldNotWriteWhatIsIncompleteInTheSnapshotUnlessToldTo() throws Exception {
    Node gappy =
        file("gappy", 10, content.store("01234".getBytes(StandardCharsets.US_ASCII)))
            .withGap(Gap.of(GapReason.CHANGED_WHILE_READ));

    assertFailed(restore(RestorePlan.EVERYTHING, gappy), "gappy", ErrorCode.SOURCE_UNREADABLE);
    assertEquals(List.of(), names());

    RestoreResult partial = restore(RestorePlan.EVERYTHING.withPartial(), gappy);
    assertEquals(1, partial.findings().differenceCount());
    assertEquals("01234\0\0\0\0\0", Files.readString(target.resolve("gappy")));
  }

  @Test
  void shouldReportWhatTheSnapshotCouldNotSee() throws Exception {
    Node link =
        Node.of(
                EntryPath.of("link"),
                metadata(0777),
                new Form.SymbolicLink(io.holdfast.common.entry.Octets.utf8("x")))
            .withGap(Gap.of(GapReason.UNREADABLE));
    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING,
            dir("dir").withGap(Gap.of(GapReason.DIRECTORY_UNREADABLE)),
            link);
    assertEquals(2, result.findings().failureCount());
    assertEquals(List.of("dir"), names());
  }

  @Test
  void shouldRestoreWhatLiesBehindALostPage() throws Exception {
    List<Entry> entries = new ArrayList<>();
    for (int d = 0; d < 60; d++) {
      String name = String.format(Locale.ROOT, "d%02d", d);
      entries.add(dir(name));
      for (int f = 0; f < 20; f++) {
        entries.add(file(name + "/file-" + noiseName(f), "content " + f));
      }
    }
    entries.sort((left, right) -> left.path().compareTo(right.path()));
    content.open(entries);
    int lost = content.leafCount() / 2;
    assertTrue(lost > 0, "one leaf is no test");
    content.loseLeaf(lost);

    RestoreResult result = restoreLost(entries, lost);

    Findings.Failure failure = result.findings().failures().getFirst();
    assertEquals(1, result.findings().failures().size());
    long missing = result.findings().failureCount();
    assertTrue(missing > 0 && missing < entries.size() / 2, failure.text());
    FileTree there = FileTree.read(target);
    long files = there.nodes().keySet().stream().filter(path -> path.contains("/")).count();
    assertTrue(files >= 1_200 - missing, files + " files");
    assertTrue(Files.exists(target.resolve("d59/file-" + noiseName(3))));
  }

  /**
   * Pages have one form, so the same entries make the same pages again; the lost one stays lost.
   */
  private RestoreResult restoreLost(List<Entry> entries, int lost) throws Exception {
    var open = content.open(entries);
    content.loseLeaf(lost);
    RestorePorts ports =
        new RestorePorts(
            Thread.ofPlatform().daemon().factory(), limits(), directory, Time.system());
    byte[] where = target.toString().getBytes(StandardCharsets.UTF_8);
    return new RestoreRun(open, where, RestorePlan.EVERYTHING, ports).execute();
  }

  private static String noiseName(int seed) {
    return Long.toHexString(new Random(seed).nextLong());
  }

  @Test
  void shouldLinkNamesOfOneFileAndFailThemTogether() throws Exception {
    Reference bad = content.chunk(noise(100, 9));
    content.lose(bad);
    RestoreResult result =
        restore(
            RestorePlan.EVERYTHING,
            file("a", "shared").withLinkDevice(1),
            file("b", "shared").withLinkDevice(1),
            file("x", 100, Extents.of(bad, 0, 100)).withLinkDevice(2),
            file("y", 100, Extents.of(bad, 0, 100)).withLinkDevice(2));
    assertEquals(2, result.findings().failureCount());
    assertEquals(List.of("a", "b"), names());
    assertEquals(
        Files.getAttribute(target.resolve("a"), "unix:ino"),
        Files.getAttribute(target.resolve("b"), "unix:ino"));
  }

  @Test
  void shouldEndWhenInterruptedAndLeaveNothingHalf() throws Exception {
    content.whenAsked(Thread.currentThread()::interrupt);
    byte[] large = noise(100_000, 4);
    assertThrows(
        InterruptedException.class,
        () ->
            restore(
                RestorePlan.EVERYTHING,
                file("a", large.length, content.store(large)),
                file("b", "small")));
    Thread.interrupted();
    for (String name : names()) {
      assertTrue(List.of("a", "b").contains(name), name);
    }
  }

  @Test
  void shouldEndIfTheRootPageIsGone() {
    MemorySnapshot other = new MemorySnapshot();
    HoldfastException thrown =
        assertThrows(
            HoldfastException.class,
            () -> {
              var open = content.open(List.of(file("a", "x")));
              RestorePorts ports =
                  new RestorePorts(
                      Thread.ofPlatform().daemon().factory(), limits(), directory, Time.system());
              new RestoreRun(
                      new io.holdfast.common.snapshot.OpenSnapshot(other, open.root(), open.keys()),
                      target.toString().getBytes(StandardCharsets.UTF_8),
                      RestorePlan.EVERYTHING,
                      ports)
                  .execute();
            });
    assertEquals(ErrorCode.CHUNK_NOT_FOUND, thrown.code());
  }
}
