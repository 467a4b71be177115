package io.holdfast.deploy.hostile;

import static io.holdfast.deploy.hostile.HostileAgent.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattrs;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.proto.wire.v1.BackupAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Snapshots that a hostile host committed, restored by the whole way: coordinator, wire, opener,
 * restore engine, and the break-glass recovery beside it. Whatever the pages say, nothing appears
 * outside the target (I9).
 */
class HostileSnapshotTest {
  @TempDir static Path shared;
  @TempDir Path work;

  private static Fleet fleet;

  private Path target;
  private Path outside;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    fleet.enrol("mallory").close();
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @BeforeEach
  void directories() throws IOException {
    target = Files.createDirectories(work.resolve("a/b/target"));
    outside = Files.createDirectories(work.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "precious");
  }

  private SnapshotId commit(UnaryOperator<HandMadeTree> content) throws Exception {
    try (HostileAgent mallory = HostileAgent.of(fleet, "mallory")) {
      HandMadeTree tree = content.apply(new HandMadeTree(mallory)).make();
      RunId run = mallory.newRun();
      try (var session = mallory.session(run)) {
        tree.uploads().forEach(upload -> session.send(request(upload)));
        session.send(request(mallory.commit(run, tree.root())));
        BackupAnswer answer = session.answer();
        while (answer.hasProgress()) {
          answer = session.answer();
        }
        assertTrue(answer.hasCommitted(), answer::toString);
        return SnapshotId.of(answer.getCommitted().getSnapshot().toByteArray());
      }
    }
  }

  /** Restores both ways; empty where the restore as a whole was refused by a typed error. */
  private List<Optional<RestoreResult>> restoreBothWays(SnapshotId snapshot) throws Exception {
    try (ProtectedHost host = fleet.host("mallory")) {
      Optional<RestoreResult> overTheWire =
          unlessRefused(() -> host.restore(snapshot, target, RestorePlan.EVERYTHING));
      Path second = Files.createDirectories(work.resolve("c/d/target"));
      try (Recovery recovery = fleet.recover();
          OpenSnapshot open = recovery.open(recovery.find(snapshot.toString()))) {
        return List.of(
            overTheWire,
            unlessRefused(() ->
                host.restore(
                    open,
                    second,
                    RestorePlan.EVERYTHING,
                    io.holdfast.agent.restore.RestoreLimits.STANDARD)));
      }
    }
  }

  private interface Restore {
    RestoreResult run() throws Exception;
  }

  private static Optional<RestoreResult> unlessRefused(Restore restore) throws Exception {
    try {
      return Optional.of(restore.run());
    } catch (HoldfastException e) {
      return Optional.empty();
    }
  }

  private void assertNothingOutside() throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      List<Path> strays =
          all.filter(path -> !path.startsWith(work.resolve("a/b/target")))
              .filter(path -> !path.startsWith(work.resolve("c/d/target")))
              .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .filter(path -> !path.equals(outside.resolve("precious")))
              .toList();
      assertEquals(List.of(), strays);
    }
    assertEquals("precious", Files.readString(outside.resolve("precious")));
  }

  // Forged paths: entries that no writer would make, patched into pages that prove.

  private static UnaryOperator<byte[]> replacing(String from, String to) {
    return plaintext -> {
      String text = new String(plaintext, ISO_8859_1);
      assertEquals(from.length(), to.length());
      assertTrue(text.contains(from), "the page doesn't hold " + from);
      return text.replace(from, to).getBytes(ISO_8859_1);
    };
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        Arguments.of("parent directory", "zz/evil", "zz", ".."),
        Arguments.of("far up", "zzzzzzzzzzz/x", "zzzzzzzzzzz", "../../../.."),
        Arguments.of("parent inside", "aa/zz/b", "zz", ".."),
        Arguments.of("absolute", "zzzzz", "zzzzz", "/evil"),
        Arguments.of("NUL", "zz-zz", "zz-zz", "zz\u0000zz"),
        Arguments.of("dot", "zz", "zz", "./"),
        Arguments.of("empty component", "zz/zz", "/zz", "//z"),
        Arguments.of("trailing slash", "zzz", "zzz", "zz/"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void shouldNotFollowAForgedPathOutOfTheTarget(String name, String honest, String from, String to)
      throws Exception {
    SnapshotId snapshot =
        commit(tree -> {
          String[] parts = honest.split("/", -1);
          for (int i = 1; i < parts.length; i++) {
            tree.directory(String.join("/", Arrays.copyOf(parts, i)));
          }
          return tree.file(honest, "evil " + name).forgingLeaves(replacing(from, to));
        });

    for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
      assertTrue(result.isEmpty() || result.get().findings().failureCount() > 0);
    }
    assertNothingOutside();
  }

  @Test
  void shouldNotMakeTwoThingsOfOneName() throws Exception {
    SnapshotId files =
        commit(tree ->
            tree.file("name-a", "one").file("name-b", "two").forgingLeaves(swapLast('b', 'a')));
    SnapshotId fileThenDirectory =
        commit(tree ->
            tree.file("same-a", "one")
                .directory("same-b")
                .file("same-b/x", "two")
                .forgingLeaves(swapLast('b', 'a')));
    for (SnapshotId snapshot : List.of(files, fileThenDirectory)) {
      for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
        assertTrue(result.isEmpty() || result.get().findings().failureCount() > 0);
      }
    }
    assertNothingOutside();
  }

  /** The second name differs from the first in its last byte, which alone is written out. */
  private static UnaryOperator<byte[]> swapLast(char from, char to) {
    return plaintext -> {
      byte[] out = plaintext.clone();
      for (int i = 1; i < out.length; i++) {
        // shared count 5, rest length 1, the byte itself
        if (out[i] == from && out[i - 1] == 1) {
          out[i] = (byte) to;
          return out;
        }
      }
      throw new AssertionError("the page has no entry that ends with " + from);
    };
  }

  // Entries that any snapshot may hold.

  @Test
  void shouldNotWriteThroughALinkThatTheSnapshotBrings() throws Exception {
    Octets away = Octets.of(outside.toString().getBytes(UTF_8));
    SnapshotId snapshot =
        commit(tree ->
            tree.directory("dir-a")
                .entry(
                    Node.of(
                        EntryPath.of("dir-b"), HandMadeTree.METADATA, new Form.SymbolicLink(away)))
                .file("dir-c", "x"));
    for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
      assertTrue(result.orElseThrow().isComplete());
    }
    assertTrue(Files.isSymbolicLink(target.resolve("dir-b")));
    assertNothingOutside();

    // The next snapshot has a directory there: restored into the same place, it must not go
    // through.
    SnapshotId second =
        commit(tree -> tree.directory("dir-b").file("dir-b/precious", "overwritten"));
    restoreBothWays(second);
    assertEquals("precious", Files.readString(outside.resolve("precious")));
    assertNothingOutside();
  }

  /** In path order, what lies below a name follows it: a link cannot have anything below. */
  @Test
  void shouldNotWriteBelowALinkOfTheSameSnapshot() throws Exception {
    SnapshotId snapshot =
        commit(tree ->
            tree.directory("link")
                .file("link/precious", "overwritten")
                .forgingLeaves(HostileSnapshotTest::directoryBecomesLink));
    for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
      assertTrue(result.isEmpty() || result.get().findings().failureCount() > 0);
    }
    assertNothingOutside();
  }

  /** The entry's type, and its target behind the metadata; whatever it is now, it is no page. */
  private static byte[] directoryBecomesLink(byte[] plaintext) {
    byte[] out = plaintext.clone();
    for (int i = 3; i < out.length - 4; i++) {
      if (out[i] == 'l' && out[i + 1] == 'i' && out[i + 2] == 'n' && out[i + 3] == 'k') {
        assertEquals(2, out[i - 3] & 15, "a directory's head");
        out[i - 3] = (byte) ((out[i - 3] & ~15) | 3);
        return out;
      }
    }
    throw new AssertionError("the page has no directory called link");
  }

  @Test
  void shouldGiveNoSetIdBitsAndNoDevicesUnasked() throws Exception {
    Metadata setId = new Metadata(04755, 0, 0, 1_700_000_000, 0, 1_700_000_000, 0, 7);
    SnapshotId snapshot =
        commit(tree ->
            tree.file("a-root-shell", "#!/bin/sh", setId)
                .entry(
                    Node.of(
                        EntryPath.of("b-device"),
                        HandMadeTree.METADATA,
                        new Form.BlockDevice(8, 0)))
                .entry(
                    Node.of(
                        EntryPath.of("c-memory"),
                        HandMadeTree.METADATA,
                        new Form.CharacterDevice(1, 1))));
    for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
      assertFalse(result.orElseThrow().isComplete(), "what was left out is said");
    }
    for (Path top : List.of(target, work.resolve("c/d/target"))) {
      assertEquals(0, (int) Files.getAttribute(top.resolve("a-root-shell"), "unix:mode") & 06000);
      assertTrue(Files.notExists(top.resolve("b-device"), LinkOption.NOFOLLOW_LINKS));
      assertTrue(Files.notExists(top.resolve("c-memory"), LinkOption.NOFOLLOW_LINKS));
      assertTrue(
          Files.getPosixFilePermissions(top.resolve("a-root-shell"))
              .contains(PosixFilePermission.OWNER_READ));
    }
    assertTrue(Posix.effectiveUserId() >= 0);
  }

  /** Names that claim to be one file: they share what this snapshot brings, and nothing else. */
  @Test
  void shouldLinkOnlyWhatTheSnapshotItselfBrings() throws Exception {
    long inode = (long) Files.getAttribute(outside.resolve("precious"), "unix:ino");
    long device = (long) Files.getAttribute(outside.resolve("precious"), "unix:dev");
    Metadata same = new Metadata(0644, 0, 0, 1_700_000_000, 0, 1_700_000_000, 0, inode);
    SnapshotId snapshot =
        commit(tree ->
            linked(linked(tree.file("content", "theirs"), "x", same, device), "y", same, device));
    for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
      assertEquals(List.of(), result.orElseThrow().findings().failures());
    }
    assertEquals("theirs", Files.readString(target.resolve("x")));
    assertEquals(1, (int) Files.getAttribute(outside.resolve("precious"), "unix:nlink"));
    assertNothingOutside();
  }

  private static HandMadeTree linked(
      HandMadeTree tree, String path, Metadata metadata, long device) {
    ChunkKey chunk = tree.chunkOf("theirs");
    Extents extents = Extents.of(new Reference(ChunkKind.DATA, chunk.k()), 0, 6);
    return tree.entry(
        new Node(
            EntryPath.of(path),
            metadata,
            new Form.RegularFile(6, Segment.of(0, extents)),
            Xattrs.NONE,
            OptionalLong.of(device),
            Optional.empty()));
  }

  // Chunks that are not what they say.

  @Test
  void shouldNotSwallowABombInsideASealedChunk() throws Exception {
    SnapshotId snapshot = commit(tree -> tree.bomb("bomb").file("next", "still restored"));
    for (Optional<RestoreResult> result : restoreBothWays(snapshot)) {
      assertEquals(1, result.orElseThrow().findings().failureCount());
    }
    assertTrue(Files.notExists(target.resolve("bomb")));
    assertEquals("still restored", Files.readString(target.resolve("next")));
  }
}
