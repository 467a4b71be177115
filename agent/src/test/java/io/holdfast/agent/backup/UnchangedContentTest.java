package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Node;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file whose times or mode moved and whose bytes did not is not stored again. */
class UnchangedContentTest {
  private final BackupKit kit = new BackupKit();

  @AfterEach
  void close() {
    kit.close();
  }

  private static String path(int number) {
    return "srv/d%02d/f%04d".formatted(number / 100, number);
  }

  private void manySmallFiles(int count) {
    for (int i = 0; i < count; i++) {
      kit.host.file(path(i), BackupKit.noise(1 + i * 37 % 6_000, i));
    }
  }

  private Map<EntryPath, Form> forms() {
    Map<EntryPath, Form> forms = new TreeMap<>();
    kit.files().forEach(node -> forms.put(node.path(), node.form()));
    return forms;
  }

  @Test
  void shouldUploadPagesOnlyAfterTouchingAThousandSmallFiles() throws Exception {
    manySmallFiles(1_000);
    kit.backup();
    Map<EntryPath, Form> before = forms();
    for (int i = 0; i < 1_000; i++) {
      if (i % 3 == 0) {
        kit.host.get(path(i)).chmod(0600);
      } else {
        kit.host.get(path(i)).touch();
      }
    }

    kit.backup();

    assertEquals(0, kit.coordinator.contentBytes());
    assertTrue(kit.coordinator.plainBytes(ChunkKind.PAGE) > 0);
    assertEquals(before, forms());
    assertEquals(0600, kit.node(path(0)).metadata().mode());
    kit.verify();
  }

  @Test
  void shouldStoreOnlyWhatChangedAmongTouchedFiles() throws Exception {
    manySmallFiles(1_000);
    kit.backup();
    for (int i = 0; i < 1_000; i++) {
      kit.host.get(path(i)).touch();
    }
    byte[] sameSize = kit.host.get(path(7)).content().clone();
    sameSize[sameSize.length / 2] ^= 1;
    kit.host.get(path(7)).write(sameSize);
    kit.host.get(path(8)).write(new byte[0]);
    kit.host.get(path(9)).write(BackupKit.noise(999, 5));

    kit.backup();

    assertEquals(sameSize.length + 999, kit.coordinator.contentBytes());
    kit.verify();
  }

  @Test
  void shouldReadAgainWhatWasTooYoungAndStoreNothing() throws Exception {
    kit.time.setClock(java.time.Instant.ofEpochSecond(1_000_000));
    manySmallFiles(300);
    kit.backup();
    assertEquals(0, kit.node(path(3)).metadata().ctimeSeconds());

    kit.time.setClock(java.time.Instant.ofEpochSecond(2_000_000_000));
    kit.backup();
    assertEquals(0, kit.coordinator.contentBytes());
    assertTrue(kit.node(path(3)).metadata().ctimeSeconds() > 0);

    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
    kit.verify();
  }

  @Test
  void shouldKeepNoExtentsThatAreMissing() throws Exception {
    manySmallFiles(400);
    kit.backup();
    ChunkRef bundle =
        kit.coordinator.chunks().stream()
            .filter(chunk -> chunk.kind() == ChunkKind.BUNDLE)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 400; i += 2) {
      kit.host.get(path(i)).touch();
    }
    kit.coordinator.loseAtCommit(bundle);

    BackupResult result = kit.backup();

    assertTrue(result.isComplete());
    assertTrue(kit.coordinator.contentBytes() > 100_000);
    kit.verify();
  }

  @Test
  void shouldTagOnlyWholePieces() throws Exception {
    kit.host.file("a/empty", new byte[0]);
    kit.host.file("a/small", BackupKit.noise(10, 1));
    kit.host.file("a/limit", BackupKit.noise((int) SmallFiles.SIZE_LIMIT - 1, 2));
    kit.host.file("a/large", BackupKit.noise((int) SmallFiles.SIZE_LIMIT, 3));
    kit.host
        .file("a/restless", BackupKit.noise(100, 4))
        .trouble((file, position) -> file.touch());
    kit.backup();
    List<String> tagged =
        kit.files().stream()
            .filter(node -> ((Form.RegularFile) node.form()).tag().isPresent())
            .map(node -> node.path().toString())
            .toList();
    assertEquals(List.of("a/limit", "a/small"), tagged);
    assertEquals(
        Gap.of(GapReason.CHANGED_WHILE_READ), kit.node("a/restless").gap().orElseThrow());
  }

  @Test
  void shouldKeepExtentsOfAFileThatCameBackFromAGap() throws Exception {
    MemoryHost.MemoryFile file = kit.host.file("a/file", BackupKit.noise(5_000, 1));
    kit.backup();
    file.touch();
    file.trouble(
        (read, position) -> {
          throw new SourceFailure(new Gap(GapReason.INPUT_OUTPUT_ERROR, 5), "read error");
        });
    BackupResult broken = kit.backup();
    assertEquals(1, broken.gaps().size());
    Node gap = kit.node("a/file");
    assertEquals(GapReason.INPUT_OUTPUT_ERROR, gap.gap().orElseThrow().reason());

    file.trouble((read, position) -> {});
    assertTrue(kit.backup().isComplete());
    kit.verify();
  }

  @Test
  void readingEverythingShouldKeepWhatIsTheSame() throws Exception {
    manySmallFiles(200);
    kit.host.file("srv/large", BackupKit.noise(3 << 20, 9));
    kit.backup();
    long read = kit.host.bytesRead();
    kit.coordinator.forgetCounts();
    kit.run(true).execute();
    assertEquals(0, kit.coordinator.sealedBytes());
    assertEquals(2 * read, kit.host.bytesRead());
  }
}
