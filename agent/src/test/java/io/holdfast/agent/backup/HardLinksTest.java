package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file of several paths is read once and stored once. */
class HardLinksTest {
  private final BackupKit kit = new BackupKit();

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void aHundredThousandLinksShouldBeReadAndStoredOnce() throws Exception {
    int files = 1_000;
    for (int i = 0; i < files; i++) {
      MemoryHost.MemoryFile file =
          kit.host.file("a/d%02d/f%03d".formatted(i % 20, i), BackupKit.noise(100, i));
      for (int link = 1; link < 100; link++) {
        kit.host.link("b%02d/d%02d/f%03d".formatted(link, i % 20, i), file);
      }
    }

    assertTrue(kit.backup().isComplete());

    assertEquals(files, kit.host.filesRead());
    assertEquals(files * 100, kit.coordinator.contentBytes());
    List<Node> nodes = kit.files();
    assertEquals(100_000, nodes.size());
    assertEquals(
        files, nodes.stream().map(Node::linkGroup).collect(Collectors.toSet()).size());
    assertEquals(files, nodes.stream().map(Node::form).collect(Collectors.toSet()).size());
    kit.backup();
    assertEquals(0, kit.coordinator.sealedBytes());
    assertEquals(files, kit.host.filesRead());
  }

  @Test
  void linksOfLargeFilesShouldBeReadOnceToo() throws Exception {
    MemoryHost.MemoryFile file = kit.host.file("a/one", BackupKit.noise(9 << 20, 1));
    kit.host.link("a/two", file);
    kit.host.link("b/three", file);
    assertTrue(kit.backup().isComplete());
    assertEquals(1, kit.host.filesRead());
    assertEquals(9 << 20, kit.coordinator.contentBytes());
    kit.verify();
  }

  @Test
  void aLinkMadeLaterShouldCostNoContent() throws Exception {
    MemoryHost.MemoryFile file = kit.host.file("m/file", BackupKit.noise(5_000, 1));
    kit.host.file("m/other", BackupKit.noise(5_000, 2));
    kit.backup();
    kit.host.link("a/before", file);
    kit.host.link("z/after", file);
    kit.backup();
    assertEquals(5_000, kit.coordinator.contentBytes()); // read first where nothing is known of it
    kit.backup();
    assertEquals(0, kit.coordinator.contentBytes());
    kit.verify();
  }

  @Test
  void aGapAtOnePathShouldBeTriedAgainAtTheNext() throws Exception {
    MemoryHost.MemoryFile file = kit.host.file("a/one", BackupKit.noise(5_000, 1));
    kit.host.link("a/two", file);
    boolean[] failed = new boolean[1];
    file.trouble(
        (read, position) -> {
          if (!failed[0]) {
            failed[0] = true;
            throw new SourceFailure(new Gap(GapReason.INPUT_OUTPUT_ERROR, 5), "read error");
          }
        });
    kit.backup();
    assertEquals(1, kit.files().stream().filter(node -> node.gap().isPresent()).count());
    assertTrue(((Form.RegularFile) kit.node("a/two").form()).tag().isPresent());
  }

  @Test
  void theTableShouldBeBounded() throws Exception {
    LinkTable table = new LinkTable();
    for (int i = 0; i < 2 * LinkTable.GROUPS_LIMIT; i++) {
      MemoryHost.MemoryFile file = kit.host.file("f", new byte[1]);
      kit.host.link("g", file);
      SourceCursor walk = kit.host.walk();
      SourceItem item = walk.next();
      Optional<LinkTable.Group> group = table.open(item);
      assertEquals(i < LinkTable.GROUPS_LIMIT, group.isPresent());
      if (i == 7) {
        group.orElseThrow().fill(new Upcoming.Ready(null));
        assertEquals(1, table.parts());
        assertTrue(table.find(walk.next()).orElseThrow().content().isPresent());
        assertEquals(0, table.parts());
        table.open(item);
      }
    }
    assertEquals(LinkTable.GROUPS_LIMIT, table.groups());
  }
}
