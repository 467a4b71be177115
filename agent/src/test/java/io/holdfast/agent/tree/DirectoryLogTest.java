package io.holdfast.agent.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Xattr;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryLogTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(ints = {64, 1_000, 1 << 20})
  void shouldReadBackwardsWhatWasAppended(int memoryBytes) throws IOException {
    List<String> paths = new ArrayList<>();
    List<EntryMetadata> metadata = new ArrayList<>();
    try (DirectoryLog log = new DirectoryLog(scratch, memoryBytes)) {
      for (int i = 0; i < 300; i++) {
        EntryMetadata one =
            new EntryMetadata(
                i, -i, i, -i * 1_000_000_000L, i, List.of(new Xattr(new byte[i], new byte[7])));
        paths.addFirst("p".repeat(i));
        metadata.addFirst(one);
        log.append(Names.of("p".repeat(i)), one);
      }
      List<String> foundPaths = new ArrayList<>();
      List<EntryMetadata> found = new ArrayList<>();
      log.visitBackwards((path, one) -> {
        foundPaths.add(Names.display(path));
        found.add(one);
      });
      assertEquals(paths, foundPaths);
      assertEquals(metadata, found);
    }
    assertEquals(0, scratch.toFile().list().length);
  }

  @Test
  void shouldVisitNothingWhenNothingWasAppended() throws IOException {
    try (DirectoryLog log = new DirectoryLog(scratch, 64)) {
      log.visitBackwards((path, metadata) -> {
        throw new AssertionError("nothing to visit");
      });
    }
  }
}
