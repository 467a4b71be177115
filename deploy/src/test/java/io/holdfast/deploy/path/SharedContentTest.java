package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that have the same files store them once. */
class SharedContentTest {
  @TempDir Path directory;

  @Test
  void shouldStoreOnceWhatTwoHostsHaveThoughNobodyProvedItYet() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    FileTree tree = BackupAndRestoreTest.everything(1, 300).writeTo(source);
    try (Fleet fleet = Fleet.proving(directory.resolve("fleet"));
        ProtectedHost first = fleet.enrol("first");
        ProtectedHost second = fleet.enrol("second")) {
      BackupResult stored = first.backup(source);
      BackupResult shared = second.backup(source);

      long few = stored.counters().uploadedPlainBytes() / 50; // what names the host itself
      assertTrue(
          shared.counters().uploadedPlainBytes() <= few,
          () ->
              shared.counters().uploadedPlainBytes()
                  + " bytes after "
                  + stored.counters().uploadedPlainBytes());
      RestoreResult back =
          second.restore(shared.snapshot(), directory.resolve("target"), RestorePlan.EVERYTHING);
      assertEquals(List.of(), back.findings().failures());
      Path top = directory.resolve("target").resolve(source.toString().substring(1));
      assertEquals(List.of(), tree.differences(FileTree.read(top)));
    }
  }
}
