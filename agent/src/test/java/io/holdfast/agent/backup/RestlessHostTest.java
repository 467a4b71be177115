package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that change, vanish, fail or stand at a limit, and a coordinator that loses chunks. */
@Timeout(120)
class RestlessHostTest {
  private static final int SMALL = 10_000;
  private static final int LARGE = 6 << 20;

  private final BackupKit kit = new BackupKit();

  @AfterEach
  void close() {
    kit.close();
  }

  /** Backs up a file that {@code trouble} befalls, between two others; answers its gap. */
  private Gap gap(int size, MemoryHost.Trouble trouble) throws Exception {
    kit.host.file("a/first", BackupKit.noise(500, 1));
    kit.host.file("a/restless", BackupKit.noise(size, 2)).trouble(trouble);
    kit.host.file("a/zlast", BackupKit.noise(500, 3));
    BackupResult result = kit.backup();
    assertEquals(1, result.gaps().size());
    assertEquals(EntryPath.of("a/restless"), result.gaps().getFirst().path());
    assertArrayEquals(BackupKit.noise(500, 3), kit.restore().get(EntryPath.of("a/zlast")));

    kit.host.get("a/restless").trouble((file, position) -> {});
    assertTrue(kit.backup().isComplete()); // a gap is tried again though nothing changed
    kit.verify();
    return result.gaps().getFirst().gap();
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aFileThatChangesUnderTheReaderShouldBeAGap(int size) throws Exception {
    Gap gap = gap(size, (file, position) -> file.touch());
    assertEquals(GapReason.CHANGED_WHILE_READ, gap.reason());
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aFileThatShrinksUnderTheReaderShouldBeAGap(int size) throws Exception {
    Gap gap =
        gap(
            size,
            (file, position) ->
                file.write(Arrays.copyOf(file.content(), file.content().length * 3 / 4)));
    assertEquals(GapReason.CHANGED_WHILE_READ, gap.reason());
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aFileThatGrowsUnderTheReaderShouldBeAGap(int size) throws Exception {
    Gap gap =
        gap(
            size,
            (file, position) ->
                file.write(Arrays.copyOf(file.content(), file.content().length + 100)));
    assertEquals(GapReason.CHANGED_WHILE_READ, gap.reason());
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aReadErrorMidwayShouldBeAGap(int size) throws Exception {
    Gap io = new Gap(GapReason.INPUT_OUTPUT_ERROR, 5);
    Gap gap =
        gap(
            size,
            (file, position) -> {
              if (position >= size / 2 || size == SMALL) {
                throw new SourceFailure(io, "input/output error");
              }
            });
    assertEquals(io, gap);
  }

  @Test
  void aSmallFileThatChangesOnceShouldBeReadAgainAndBeWhole() throws Exception {
    boolean[] once = new boolean[1];
    MemoryHost.MemoryFile file = kit.host.file("a/file", BackupKit.noise(SMALL, 1));
    file.trouble((read, position) -> {
      if (!once[0]) {
        once[0] = true;
        read.write(BackupKit.noise(2 * SMALL, 2));
      }
    });
    assertTrue(kit.backup().isComplete());
    kit.verify();
    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
  }

  @Test
  void aMappedFileThatFailsMidwayShouldKeepWhatWasRead() throws Exception {
    MemoryHost.MemoryFile file = kit.host.file("a/db", BackupKit.noise(LARGE, 1));
    kit.backup();
    byte[] changed = file.content().clone();
    System.arraycopy(BackupKit.noise(3 << 20, 2), 0, changed, 0, 3 << 20);
    file.write(changed);
    file.trouble((read, position) -> {
      if (position >= 4 << 20) {
        throw new SourceFailure(new Gap(GapReason.INPUT_OUTPUT_ERROR, 5), "error");
      }
    });
    assertEquals(1, kit.backup().gaps().size());
    byte[] kept = kit.restore().get(EntryPath.of("a/db"));
    assertArrayEquals(Arrays.copyOf(changed, kept.length), kept);

    file.trouble((read, position) -> {});
    assertTrue(kit.backup().isComplete());
    kit.verify();
  }

  @Test
  void aFileThatCantBeOpenedShouldBeAGapAndKeepItsPlace() throws Exception {
    for (int size : new int[] {SMALL, LARGE}) {
      kit.host
          .file("a/f" + size, BackupKit.noise(size, 1))
          .cannotOpen(new SourceFailure(new Gap(GapReason.VANISHED, 2), "no such file"));
    }
    BackupResult result = kit.backup();
    assertEquals(2, result.gaps().size());
    assertEquals(GapReason.VANISHED, kit.node("a/f" + SMALL).gap().orElseThrow().reason());
  }

  /** Every size at which something else happens, and its neighbours. */
  @Test
  void sizesAtEveryLimitShouldComeBack() throws Exception {
    int limit = (int) SmallFiles.SIZE_LIMIT;
    List<Integer> edges =
        List.of(0, 4_096, 8_192, limit, 512 << 10, 1 << 20, 2 << 20, 4 << 20, 8 << 20);
    for (int edge : edges) {
      for (int size = Math.max(0, edge - 1); size <= edge + 1; size++) {
        kit.host.file("a/noise" + size, BackupKit.noise(size, size));
        kit.host.file("b/zeros" + size, new byte[size]);
      }
    }
    assertTrue(kit.backup().isComplete());
    kit.verify();
    for (int edge : edges) {
      kit.host.get("a/noise" + edge).write(BackupKit.noise(edge + 1, 99));
    }
    assertTrue(kit.backup().isComplete());
    kit.verify();
  }

  @Test
  void aFileThatBecameADirectoryShouldBeOne() throws Exception {
    kit.host.file("a/thing", BackupKit.noise(SMALL, 1));
    kit.host.file("a/tree/below", BackupKit.noise(SMALL, 2));
    kit.backup();
    kit.host.delete("a/thing");
    kit.host.delete("a/tree/below");
    kit.host.delete("a/tree");
    kit.host.file("a/thing/below", BackupKit.noise(SMALL, 3));
    kit.host.file("a/tree", BackupKit.noise(SMALL, 4));
    assertTrue(kit.backup().isComplete());
    kit.verify();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATA", "BUNDLE", "BLOCK_MAP", "PAGE"})
  void whatACommitMissesShouldBeReadAgainInTheSameRun(ChunkKind kind) throws Exception {
    for (int i = 0; i < 2_000; i++) {
      kit.host.file("a/d%02d/f%d".formatted(i / 50, i), BackupKit.noise(700, i));
    }
    kit.host.file("b/db", BackupKit.noise(LARGE, 1));
    kit.backup();
    List<ChunkRef> lost =
        kit.coordinator.chunks().stream()
            .filter(chunk -> chunk.kind() == kind)
            .filter(chunk -> !chunk.equals(BackupKit.id(kit.coordinator.root())))
            .limit(3)
            .toList();
    assertTrue(!lost.isEmpty());
    kit.host.get("a/d00/f0").touch();
    lost.forEach(kit.coordinator::loseAtCommit);

    BackupResult healed = kit.backup();

    assertTrue(healed.isComplete());
    assertEquals(2, kit.coordinator.commits());
    kit.verify();
    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
  }

  @Test
  void anInterruptedRunShouldEndAndCommitNothing() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    kit.host
        .file("a/large", BackupKit.noise(LARGE, 1))
        .trouble((file, position) -> {
          reading.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    CompletableFuture<BackupResult> result = new CompletableFuture<>();
    Thread runner =
        Thread.ofPlatform()
            .start(() -> {
              try {
                result.complete(kit.backup());
              } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    reading.await();
    runner.interrupt();
    assertThrows(ExecutionException.class, () -> result.get(60, TimeUnit.SECONDS));
    runner.join();
    assertEquals(0, kit.coordinator.commits());
  }

  @Test
  void aRunWhoseSessionBreaksShouldFailAndTheNextOneShouldWork() throws Exception {
    MemoryHost.MemoryFile file = kit.host.file("a/large", BackupKit.noise(LARGE, 1));
    file.trouble((read, position) -> kit.coordinator.breakSessions());
    HoldfastException e = assertThrows(HoldfastException.class, kit::backup);
    assertEquals(ErrorCode.UNAVAILABLE, e.code());
    file.trouble((read, position) -> {});
    assertTrue(kit.backup().isComplete());
    kit.verify();
  }

  /** Most of them wait for buffers while the one that sends learns why. */
  @Test
  void everyThreadShouldEndWithWhatTheCoordinatorSaid() throws Exception {
    kit.host.file("a/large", BackupKit.noise(10 * LARGE, 1));
    for (int uploads = 0; uploads < 8; uploads++) {
      HoldfastException full = new HoldfastException(ErrorCode.VAULT_FULL, "no room");
      kit.coordinator.refuseAfter(uploads, full);
      HoldfastException e = assertThrows(HoldfastException.class, kit::backup);
      assertEquals(ErrorCode.VAULT_FULL, e.code(), e::getMessage);
    }
  }

  /** A database's server is told that its files were read only when they were. */
  @Test
  void whatFollowsShouldBeAskedForOnlyWhenAllBeforeItWasRead() throws Exception {
    for (int i = 0; i < 50; i++) {
      kit.host.file("a/%02d".formatted(i), BackupKit.noise(100 + i, i));
    }
    kit.host.file("b/after", BackupKit.noise(100, 99));
    kit.host.awaitReading("a/49");
    kit.backup();
    assertEquals(50, kit.host.filesReadByThen());
    kit.verify();
  }

  @Test
  void progressShouldMoveWithinALargeFile() throws Exception {
    BackupRun run = kit.run(false);
    AtomicLong midway = new AtomicLong();
    kit.host
        .file("a/large", BackupKit.noise(LARGE, 1))
        .trouble((file, position) -> midway.set(run.counters().bytes()));
    run.execute();
    assertTrue(midway.get() > 0 && midway.get() < LARGE, midway::toString);
    assertEquals(LARGE, run.counters().bytes());
  }
}
