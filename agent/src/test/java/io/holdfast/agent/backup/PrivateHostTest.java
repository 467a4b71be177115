package io.holdfast.agent.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a coordinator that asks for keys gets of a host. */
class PrivateHostTest {
  private static final String FILE = "srv/large";

  @Test
  void aHostOfAPrivateRepositoryShouldGiveNoKeyWhateverIsAskedFor() throws Exception {
    try (BackupKit kit = new BackupKit(true)) {
      kit.host.file(FILE, BackupKit.noise(3 << 20, 1));
      kit.coordinator.askForKeys(7); // and names a generation that the host didn't make
      kit.backup();
      assertTrue(kit.coordinator.queries() > 0);
      assertEquals(0, kit.coordinator.keyBytes());
      kit.verify();
    }
  }

  @Test
  void aHostOfASharedOneShouldGiveThemWithItsQueries() throws Exception {
    try (BackupKit kit = new BackupKit()) {
      kit.host.file(FILE, BackupKit.noise(3 << 20, 1));
      kit.coordinator.askForKeys(0);
      kit.backup();
      assertTrue(kit.coordinator.keyBytes() > 0);
    }
  }
}
