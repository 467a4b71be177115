package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bundle of which little is left is left by the rest too, within a budget. */
class SparseBundlesTest {
  private static final int FILES = 3_000;
  private static final int FILE_BYTES = 4_000;

  private final BackupKit kit = new BackupKit();

  @AfterEach
  void close() {
    kit.close();
  }

  private static String path(int number) {
    return "srv/d%02d/f%05d".formatted(number / 100, number);
  }

  private Set<Reference> bundles() {
    return kit.files().stream()
        .map(node -> ((Form.RegularFile) node.form()).first().extents())
        .filter(extents -> extents.count() > 0)
        .map(extents -> extents.chunk(0))
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsLeftOfBundlesShouldMoveTogether() throws Exception {
    for (int i = 0; i < FILES; i++) {
      kit.host.file(path(i), BackupKit.noise(FILE_BYTES, i));
    }
    kit.backup();
    Set<Reference> first = bundles();
    for (int i = 0; i < FILES; i++) {
      if (i % 10 != 0) {
        kit.host.delete(path(i));
      }
    }
    kit.backup();
    assertEquals(0, kit.coordinator.contentBytes());
    assertTrue(first.containsAll(bundles()));

    kit.backup(); // tidies
    long moved = kit.coordinator.contentBytes();
    assertTrue(moved > FILES / 10 * FILE_BYTES / 2, () -> moved + " bytes moved");
    assertTrue(moved <= Rewrites.LEAST_BYTES + FILE_BYTES, () -> moved + " bytes moved");
    kit.verify();
    kit.backup(); // and what was over the budget
    assertTrue(bundles().stream().noneMatch(first::contains));
    kit.verify();

    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
  }

  @Test
  void whatIsMostlyInUseShouldStay() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      kit.host.file(path(i), BackupKit.noise(FILE_BYTES, i));
    }
    kit.backup();
    for (int i = 0; i < 1_000; i += 2) {
      kit.host.delete(path(i));
    }
    kit.backup();
    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
  }

  @Test
  void countingShouldTakeNoMoreMemoryForMoreChunks() {
    LiveShares shares = new LiveShares();
    for (int i = 0; i < 3 * LiveShares.OPEN_LIMIT; i++) {
      Reference bundle = new Reference(ChunkKind.BUNDLE, new Bytes32(i, 1, 2, 3));
      Extents extents = Extents.of(bundle, 1_000_000, 10);
      shares.add(
          Node.of(
              EntryPath.of("f" + i),
              new Metadata(0, 0, 0, 0, 0, 0, 0, 1),
              new Form.RegularFile(10, Segment.of(0, extents))));
      assertTrue(shares.open() <= LiveShares.OPEN_LIMIT);
    }
    assertEquals(LiveShares.SPARSE_LIMIT, shares.finish().size());
    assertFalse(new LiveShares().finish().iterator().hasNext());
  }
}
