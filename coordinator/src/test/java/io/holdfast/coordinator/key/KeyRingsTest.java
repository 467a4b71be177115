package io.holdfast.coordinator.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.vault.HostileVault;
import io.holdfast.coordinator.vault.MemoryVault;
import io.holdfast.coordinator.vault.Mischief;
import io.holdfast.coordinator.vault.ObjectName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions of the key ring: written, journalled, in use, in that order, over a real catalog. */
class KeyRingsTest {
  private final FleetKit fleet = new FleetKit(11);
  private final HostileVault vault = new HostileVault(new MemoryVault(), 11);
  private KeyRings rings;

  @BeforeEach
  void begin() throws InterruptedException {
    put(fleet.keys, 1);
    rings = rings(fleet.keys, 1);
    rings.settle();
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  private KeyRings rings(RepositoryKeys keys, int number) {
    return new KeyRings(fleet.ports, vault, new MasterInUse(fleet.master, 1), keys, number);
  }

  private void put(RepositoryKeys keys, int number) {
    byte[] sealed = keys.seal(fleet.master, number, fleet.randomness);
    vault.create(name(number), ByteBuffer.wrap(sealed));
  }

  private ObjectName name(int number) {
    return ObjectName.of(KeyObject.ring(fleet.repository, number).name());
  }

  private RepositoryKeys stored(int number) {
    return RepositoryKeys.open(
        fleet.repository, number, vault.read(name(number), 1 << 20), fleet.master);
  }

  private String journalled() {
    try (CatalogView view = fleet.catalog.view()) {
      return view.keyRing().orElseThrow().getObject();
    }
  }

  @Test
  void aNewGenerationShouldBeDurableJournalledAndInUse() throws InterruptedException {
    assertEquals(2, rings.rotateIds("anna"));
    assertEquals(2, rings.number());
    assertEquals("keys/ring.2", journalled());
    assertEquals(2, stored(2).generations().current().number());
    assertEquals(1, stored(1).generations().current().number(), "the one before stays");
    assertTrue(
        stored(2).generations().get(1).idRoot().sameAs(fleet.keys.generations().get(1).idRoot()));
    assertTrue(stored(2).journalKey().sameAs(fleet.keys.journalKey()));
    assertEquals(
        List.of(1, 2), rings.generations().all().stream().map(ChunkKeys::generation).toList());
  }

  @Test
  void whoOpensChunksShouldLearnGenerationsThatComeLater() throws InterruptedException {
    try (ChunkOpener opener = new ChunkOpener(rings.generations())) {
      rings.rotateIds("anna");
      byte[] content = {1, 2, 3};
      try (ChunkSealer sealer =
          new ChunkSealer(rings.generations().get(2), SealOptions.STANDARD, fleet.randomness)) {
        ChunkKey key = sealer.key(ChunkKind.DATA, content, 0, content.length);
        byte[] sealed = sealer.seal(key, content, 0, content.length).bytes();
        assertEquals(3, opener.open(key, sealed, 0, sealed.length).length);
      }
    }
  }

  @Test
  void anUnclearAnswerOfTheVaultShouldChangeNothing() throws InterruptedException {
    vault.once(Mischief.FAIL_AFTER);
    assertThrows(HoldfastException.class, () -> rings.rotateIds("anna"));
    assertEquals(1, rings.generation());
    assertEquals("keys/ring.1", journalled());
    vault.calm();
    assertEquals(2, rings.rotateIds("anna"), "and it can be repeated");
    assertEquals(2, stored(rings.number()).generations().current().number());
    assertEquals("keys/ring." + rings.number(), journalled());
  }

  @Test
  void anAppendInDoubtShouldEndTheProcess() throws InterruptedException {
    List<HoldfastException> ended = new ArrayList<>();
    rings.onDoubt(ended::add);
    fleet.journal.failWith(new HoldfastException(ErrorCode.FENCED, "stopped leading"));
    FleetKit.assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, () -> rings.rotateIds("anna"));
    assertEquals(1, ended.size());
    FleetKit.assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, () -> rings.rotateIds("anna"));
    assertEquals(1, rings.generation());
    assertEquals(1, ended.size());
  }

  @Test
  void anAppendThatIsRefusedForCertainShouldChangeNothing() throws InterruptedException {
    List<HoldfastException> ended = new ArrayList<>();
    rings.onDoubt(ended::add);
    fleet.journal.failWith(new HoldfastException(ErrorCode.VAULT_FULL, "nothing was written"));
    FleetKit.assertCode(ErrorCode.VAULT_FULL, () -> rings.rotateIds("anna"));
    FleetKit.assertCode(ErrorCode.VAULT_FULL, () -> rings.rotateIds("anna"));
    assertEquals(1, rings.generation());
    assertEquals(List.of(), ended);
  }

  @Test
  void shouldNotBuildOnAVersionThatTheJournalReplaced() throws InterruptedException {
    KeyRings stale = rings;
    rings(fleet.keys, 1).rotateIds("bert");
    HoldfastException why =
        FleetKit.assertCode(ErrorCode.KEY_UNAVAILABLE, () -> stale.rotateIds("anna"));
    assertTrue(why.getMessage().contains("restart this coordinator"), why.getMessage());
    assertEquals("keys/ring.2", journalled());
  }

  @Test
  void aVersionThatWasNotJournalledShouldBeJournalledAtTheNextStart() throws InterruptedException {
    RepositoryKeys next = fleet.keys.withNextGeneration(fleet.randomness);
    put(next, 2); // and then its coordinator ended
    KeyRings started = rings(next, 2);
    started.settle();
    assertEquals("keys/ring.2", journalled());
    assertEquals(2, started.generation());
  }

  @Test
  void shouldNotStartWithAnOlderVersionThanTheJournalNames() throws InterruptedException {
    rings.rotateIds("anna");
    HoldfastException why =
        assertThrows(HoldfastException.class, () -> rings(fleet.keys, 1).settle());
    assertEquals(ErrorCode.KEY_UNAVAILABLE, why.code());
    assertTrue(why.getMessage().contains("keys/ring.2"), why.getMessage());
  }

  @Test
  void shouldFindTheVersionsOfAVault() throws InterruptedException {
    rings.rotateIds("anna");
    vault.create(ObjectName.of("keys/ring.x"), ByteBuffer.wrap(new byte[1]));
    vault.create(ObjectName.of("keys/other"), ByteBuffer.wrap(new byte[1]));
    assertEquals(List.of(2, 1), KeyRingObjects.newestFirst(vault));
  }

  @Test
  void aHostShouldBeGivenAllGenerations() throws InterruptedException {
    var enrolled = fleet.enrol("web");
    assertEquals(
        1,
        KeyGrant.parse(fleet.enrolments.fetchKeys(enrolled.id()).getKeyGrant().toByteArray())
            .generations()
            .all()
            .size());
    fleet.revocations.revoke(enrolled.id(), "anna");
    HoldfastException why =
        assertThrows(HoldfastException.class, () -> fleet.enrolments.fetchKeys(enrolled.id()));
    assertEquals(ErrorCode.HOST_REVOKED, why.code());
  }
}
