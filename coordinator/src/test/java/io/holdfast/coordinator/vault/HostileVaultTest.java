package io.holdfast.coordinator.vault;

import static io.holdfast.coordinator.vault.VaultContract.assertFails;
import static io.holdfast.coordinator.vault.VaultContract.bytes;
import static io.holdfast.coordinator.vault.VaultContract.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostileVaultTest {
  private static final ObjectName FIRST = ObjectName.of("packs/1");
  private static final ObjectName SECOND = ObjectName.of("packs/2");

  private final MemoryVault memory = new MemoryVault();
  private final HostileVault vault = new HostileVault(memory, 1);

  @Test
  void shouldBeAnOrdinaryVaultUntilToldOtherwise() {
    assertEquals(new CreateOutcome.Created(1), vault.create(FIRST, bytes("1")));
    assertInstanceOf(CreateOutcome.Exists.class, vault.create(FIRST, bytes("2")));
    assertEquals("1", read(vault, FIRST));
  }

  @Test
  void shouldFailBeforeOrAfterTheCreateHappened() {
    vault.once(Mischief.FAIL_BEFORE);
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.create(FIRST, bytes("1")));
    assertTrue(memory.size(FIRST).isEmpty());
    vault.once(Mischief.FAIL_AFTER);
    assertInstanceOf(CreateOutcome.Unknown.class, vault.create(FIRST, bytes("1")));
    assertEquals("1", read(memory, FIRST));
    assertEquals(1, vault.count(Mischief.FAIL_AFTER));
  }

  @Test
  void shouldLandLateOrNever() {
    vault.once(Mischief.LANDS_LATE);
    assertInstanceOf(CreateOutcome.Unknown.class, vault.create(FIRST, bytes("zombie")));
    vault.once(Mischief.NEVER_LANDS);
    assertInstanceOf(CreateOutcome.Unknown.class, vault.create(SECOND, bytes("never")));
    assertTrue(memory.size(FIRST).isEmpty());
    vault.land();
    assertEquals("zombie", read(memory, FIRST));
    assertTrue(memory.size(SECOND).isEmpty());
  }

  @Test
  void shouldLandOnItsOwnDuringLaterCalls() {
    vault.once(Mischief.LANDS_LATE);
    assertInstanceOf(CreateOutcome.Unknown.class, vault.create(FIRST, bytes("zombie")));
    int calls = 0;
    while (memory.size(FIRST).isEmpty()) {
      assertTrue(vault.size(SECOND).isEmpty());
      assertTrue(calls++ < 100);
    }
  }

  @Test
  void shouldLoseTheAnswerToAFinish() {
    try (ObjectWriter writer = vault.newObject(FIRST)) {
      writer.append(bytes("pack"));
      vault.once(Mischief.FAIL_AFTER);
      assertFails(ErrorCode.VAULT_OUTCOME_UNKNOWN, writer::finish);
    }
    assertEquals("pack", read(memory, FIRST));
  }

  @Test
  void shouldListStaleOrPartially() {
    for (int i = 0; i < 20; i++) {
      assertInstanceOf(
          CreateOutcome.Created.class, vault.create(ObjectName.of("packs/" + (100 + i))));
    }
    vault.once(Mischief.STALE_LIST);
    List<ObjectName> stale = list();
    assertEquals(16, stale.size());
    vault.once(Mischief.PARTIAL_LIST);
    assertTrue(list().size() < 8);
    assertEquals(20, list().size());
  }

  private List<ObjectName> list() {
    List<ObjectName> names = new ArrayList<>();
    vault.list(ObjectPrefix.ALL, names::add);
    return names;
  }

  @Test
  void shouldReadShortFlippedOrSomethingElse() {
    assertInstanceOf(CreateOutcome.Created.class, vault.create(FIRST, bytes("first")));
    assertInstanceOf(CreateOutcome.Created.class, vault.create(SECOND, bytes("second")));
    vault.once(Mischief.SHORT_READ);
    String shortened = read(vault, FIRST);
    assertTrue(shortened.length() < 5 && "first".startsWith(shortened), shortened);
    vault.once(Mischief.FLIPPED_READ);
    assertNotEquals("first", read(vault, FIRST));
    vault.once(Mischief.OTHER_OBJECT);
    assertEquals("first", read(vault, SECOND));
    vault.once(Mischief.LATE_VISIBILITY);
    assertTrue(vault.find(SECOND, 10).isEmpty());
    assertEquals("second", read(vault, SECOND));
    assertEquals("first", read(memory, FIRST), "the object itself is untouched");
  }

  @Test
  void shouldSpoilRangedReadsToo() {
    assertInstanceOf(CreateOutcome.Created.class, vault.create(FIRST, bytes("first")));
    try (ObjectReader reader = vault.open(FIRST)) {
      vault.once(Mischief.FLIPPED_READ);
      ByteBuffer into = ByteBuffer.allocate(5);
      reader.read(0, into);
      assertNotEquals(bytes("first"), into.flip());
      vault.once(Mischief.SHORT_READ);
      assertFails(ErrorCode.MALFORMED, () -> reader.read(0, ByteBuffer.allocate(5)));
      vault.once(Mischief.FAIL_BEFORE);
      assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> reader.read(0, ByteBuffer.allocate(5)));
    }
  }

  @Test
  void shouldDoTheSameUnderTheSameSeed() {
    assertEquals(outcomes(7), outcomes(7));
    assertNotEquals(outcomes(7), outcomes(8));
  }

  private static List<String> outcomes(long seed) {
    HostileVault vault = new HostileVault(new MemoryVault(), seed).with(Mischief.FAIL_AFTER, 0.5);
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      outcomes.add(vault.create(ObjectName.of("o" + i), bytes("x")).getClass().getSimpleName());
    }
    return outcomes;
  }
}
