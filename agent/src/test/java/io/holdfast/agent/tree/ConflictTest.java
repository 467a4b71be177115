package io.holdfast.agent.tree;

import static io.holdfast.agent.tree.TreeFixture.PLAIN;
import static io.holdfast.agent.tree.TreeFixture.PLAIN_DIRECTORY;
import static io.holdfast.agent.tree.TreeFixture.path;
import static io.holdfast.agent.tree.TreeFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConflictTest {
  @TempDir Path temporary;
  private TreeFixture fixture;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new TreeFixture(temporary);
  }

  private TreeOptions options(ConflictMode mode) {
    return fixture.options().withConflicts(mode);
  }

  @Test
  void shouldKeepWhatExistsInSkipMode() throws IOException {
    FileTree before = FileTree.empty().file("f", "mine").mode(0600).symlink("l", "x").fifo("p");
    before.writeTo(fixture.target);
    try (TreeWriter writer = fixture.open(options(ConflictMode.SKIP_EXISTING))) {
      assertFalse(put(writer, "f", "theirs"));
      writer.symlink(path("l"), path("y"), PLAIN);
      writer.special(path("p"), FileKind.FIFO, 0, PLAIN);
      assertTrue(put(writer, "new", "theirs"));
      writer.hardLink(path("f"), path("new"));
      TreeReport report = writer.finish();
      assertEquals(4, report.skipped());
      assertTrue(report.isComplete());
    }
    fixture.assertHolds(before.file("new", "theirs"));
  }

  @Test
  void shouldKeepWhatAppearsWhileAFileIsWrittenInSkipMode() throws IOException {
    try (TreeWriter writer = fixture.open(options(ConflictMode.SKIP_EXISTING))) {
      FileSink sink = writer.file(path("f"), 1, Allocation.DENSE, PLAIN).orElseThrow();
      Files.writeString(fixture.target.resolve("f"), "mine");
      assertFalse(sink.finish());
      assertEquals(1, writer.finish().skipped());
    }
    fixture.assertHolds(FileTree.empty().file("f", "mine"));
  }

  @Test
  void shouldReplaceWhatDiffersAndDescribeWhatDoesNot() throws IOException {
    FileTree.empty()
        .file("same", "12345")
        .mode(0600)
        .modified(1_000, 7)
        .file("newer", "12345")
        .modified(1_001, 7)
        .file("longer", "123456")
        .modified(1_000, 7)
        .writeTo(fixture.target);
    try (TreeWriter writer = fixture.open(options(ConflictMode.OVERWRITE_IF_DIFFERENT))) {
      assertFalse(put(writer, "same", "abcde"));
      assertTrue(put(writer, "newer", "abcde"));
      assertTrue(put(writer, "longer", "abcde"));
      assertEquals(1, writer.finish().unchanged());
    }
    fixture.assertHolds(
        FileTree.empty()
            .file("same", "12345")
            .mode(0644)
            .file("newer", "abcde")
            .modified(1_000, 7)
            .file("longer", "abcde"));
  }

  @Test
  void shouldCompareContentWhereAskedTo() throws IOException {
    FileTree.empty()
        .file("a", "12345")
        .modified(1_000, 7)
        .file("b", "12345")
        .writeTo(fixture.target);
    TreeOptions comparing =
        options(ConflictMode.OVERWRITE_IF_DIFFERENT)
            .withContent((path, existing) -> path[0] == 'b');
    try (TreeWriter writer = fixture.open(comparing)) {
      assertTrue(put(writer, "a", "abcde"));
      assertFalse(put(writer, "b", "abcde"));
    }
    fixture.assertHolds(FileTree.empty().file("a", "abcde").file("b", "12345").modified(1_000, 7));
  }

  @Test
  void shouldNotTouchAFileThatHasNamesElsewhere() throws IOException {
    Path outside = fixture.parent.resolve("outside");
    Files.writeString(outside, "12345");
    Files.createLink(fixture.target.resolve("f"), outside);
    FileTree before = FileTree.read(fixture.parent);
    EntryMetadata sameTime =
        new EntryMetadata(
            0777,
            0,
            0,
            before.nodes().get("outside").modifySeconds(),
            before.nodes().get("outside").modifyNanos(),
            List.of());
    try (TreeWriter writer = fixture.open(options(ConflictMode.OVERWRITE_IF_DIFFERENT))) {
      assertTrue(put(writer, "f", "abcde", sameTime));
    }
    assertEquals("12345", Files.readString(outside));
    assertEquals(
        before.nodes().get("outside").mode(),
        FileTree.read(fixture.parent).nodes().get("outside").mode());
  }

  @ParameterizedTest
  @EnumSource(ConflictMode.class)
  void shouldReportOtherKindsAndLeaveThem(ConflictMode mode) throws IOException {
    FileTree before = FileTree.empty().directory("d").file("f", "x").symlink("l", "d");
    before.writeTo(fixture.target);
    try (TreeWriter writer = fixture.open(options(mode))) {
      assertFalse(put(writer, "d", "y"));
      assertFalse(put(writer, "l", "y"));
      writer.directory(path("f"), PLAIN_DIRECTORY);
      writer.directory(path("l"), PLAIN_DIRECTORY);
      writer.symlink(path("f"), path("x"), PLAIN);
      assertEquals(5, writer.finish().counts().get(DifferenceReason.OTHER_KIND_IN_THE_WAY));
    }
    fixture.assertHolds(before);
  }

  @ParameterizedTest
  @EnumSource(ConflictMode.class)
  void shouldReplaceOtherKindsWhereAllowedButNeverAFullDirectory(ConflictMode mode)
      throws IOException {
    FileTree.empty()
        .directory("empty")
        .directory("full")
        .file("full/f", "x")
        .file("f", "x")
        .symlink("l", "full")
        .symlink("m", "full")
        .writeTo(fixture.target);
    try (TreeWriter writer = fixture.open(options(mode).withReplaceOtherKinds(true))) {
      writer.directory(path("empty"), PLAIN_DIRECTORY); // puts it in the table of open ones
      assertTrue(put(writer, "empty", "y"));
      assertFalse(put(writer, "full", "y"));
      writer.directory(path("f"), PLAIN_DIRECTORY);
      assertTrue(put(writer, "f/below", "y"));
      assertTrue(put(writer, "l", "y"));
      assertTrue(put(writer, "m/below", "y"));
      TreeReport report = writer.finish();
      assertEquals(1, report.counts().get(DifferenceReason.OTHER_KIND_IN_THE_WAY));
    }
    fixture.assertHolds(
        FileTree.empty()
            .file("empty", "y")
            .directory("f")
            .file("f/below", "y")
            .directory("full")
            .file("full/f", "x")
            .file("l", "y")
            .directory("m")
            .file("m/below", "y"));
  }

  @Test
  void shouldRestoreTwiceToTheSame() throws IOException {
    FileTree tree =
        FileTree.empty()
            .directory("d")
            .mode(0555)
            .modified(5, 5)
            .file("d/f", "x")
            .modified(6, 6)
            .hardLink("d/g", "d/f")
            .symlink("l", "d");
    for (ConflictMode mode : ConflictMode.values()) {
      for (int run = 0; run < 2; run++) {
        try (TreeWriter writer = fixture.open(options(mode))) {
          TreeFixture.restore(tree, writer);
          assertEquals(List.of(), writer.finish().differences());
        }
        fixture.assertHolds(tree);
      }
    }
  }
}
