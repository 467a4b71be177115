package io.holdfast.coordinator.vault;

import static io.holdfast.coordinator.vault.VaultContract.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.PowerLoss;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every single system call of a short life of a vault fails in turn, once or from then on, with
 * every error, having happened or not; each time a power cut follows, and what was promised is
 * looked for.
 */
class DirectoryVaultFaultTest {
  private static final Set<ErrorCode> CLEAN =
      EnumSet.of(ErrorCode.VAULT_FULL, ErrorCode.VAULT_UNAVAILABLE, ErrorCode.VAULT_SYNC_FAILED);

  /** What a caller was told about a name. */
  private enum Told {
    CREATED,
    FAILED,
    UNKNOWN,
    DELETED,
    MAYBE_DELETED
  }

  private final Map<ObjectName, Told> told = new TreeMap<>();

  @Test
  void shouldKeepItsPromisesWhicheverCallFailsOnce() {
    for (DiskFault.Errno errno : DiskFault.Errno.values()) {
      failEachInTurn(errno, false, false);
      failEachInTurn(errno, false, true);
    }
  }

  @Test
  void shouldKeepItsPromisesWhicheverCallIsTheFirstToFailForEver() {
    for (DiskFault.Errno errno : DiskFault.Errno.values()) {
      failEachInTurn(errno, true, false);
      failEachInTurn(errno, true, true);
    }
  }

  /** The next instance must not believe a sync that covers a name lost by an earlier one. */
  @Test
  void shouldMakeADirectoryAnewWhoseNameWasNotSynced() {
    LossyVault lossy = LossyVault.founded(1);
    ObjectName name = ObjectName.of("packs/63/aa");
    try (DirectoryVault first = lossy.open()) {
      Set<FileOperation> sync = EnumSet.of(FileOperation.SYNC_DIRECTORY);
      lossy.disk.arm(new DiskFault(sync, 2, false, DiskFault.Errno.EIO, false));
      assertThrows(HoldfastException.class, () -> first.create(name, bytes("lost")));
    }
    lossy.disk.heal();
    try (DirectoryVault second = lossy.open()) {
      assertInstanceOf(CreateOutcome.Created.class, second.create(name, bytes("kept")));
    }
    lossy.disk.cutPower(PowerLoss.ALL);
    try (DirectoryVault third = lossy.open()) {
      assertEquals("kept", new String(third.find(name, 100).orElseThrow(), UTF_8));
    }
  }

  private void failEachInTurn(DiskFault.Errno errno, boolean forever, boolean happens) {
    int fired = 1;
    int nth = 0;
    while (fired > 0) {
      nth++;
      DiskFault fault =
          new DiskFault(EnumSet.allOf(FileOperation.class), nth, forever, errno, happens);
      fired = live(fault, nth);
    }
    assertTrue(nth > 50, "only " + nth + " calls were tried");
  }

  /** Answers how often the fault struck. */
  private int live(DiskFault fault, int seed) {
    told.clear();
    LossyVault lossy = LossyVault.founded(seed);
    lossy.disk.arm(fault);
    useUnderFault(lossy);
    int fired = lossy.disk.faultsFired();
    lossy.disk.heal();
    String where = fault + " seed " + seed;
    checkFailuresAreInvisible(lossy.open(), where);
    lossy.disk.cutPower(seed % 2 == 0 ? PowerLoss.ALL : PowerLoss.SOME);
    checkPromises(lossy.open(), where);
    return fired;
  }

  private void useUnderFault(LossyVault lossy) {
    try (Vault vault = lossy.open()) {
      create(vault, "journal/1");
      create(vault, "journal/2");
      publish(vault, "packs/ab/abcd");
      publish(vault, "packs/cd/cdef");
      create(vault, "journal/3");
      delete(vault, "journal/2");
      create(vault, "journal/4");
    } catch (HoldfastException notOpened) {
      assertTrue(told.isEmpty() && CLEAN.contains(notOpened.code()), notOpened::toString);
    }
  }

  private void create(Vault vault, String value) {
    ObjectName name = ObjectName.of(value);
    try {
      told.put(
          name,
          switch (vault.create(name, bytes(content(name)))) {
            case CreateOutcome.Created _ -> Told.CREATED;
            case CreateOutcome.Exists _ -> throw new AssertionError(name + " was there before");
            case CreateOutcome.Unknown _ -> Told.UNKNOWN;
          });
    } catch (HoldfastException e) {
      assertTrue(CLEAN.contains(e.code()), e::toString);
      told.put(name, Told.FAILED);
    }
  }

  private void publish(Vault vault, String value) {
    ObjectName name = ObjectName.of(value);
    try (ObjectWriter writer = vault.newObject(name)) {
      String content = content(name);
      writer.append(bytes(content.substring(0, 10)));
      writer.append(bytes(content.substring(10)));
      assertEquals(content.length(), writer.finish());
      told.put(name, Told.CREATED);
    } catch (HoldfastException e) {
      boolean unknown = e.code() == ErrorCode.VAULT_OUTCOME_UNKNOWN;
      assertTrue(unknown || CLEAN.contains(e.code()), e::toString);
      told.put(name, unknown ? Told.UNKNOWN : Told.FAILED);
    }
  }

  private void delete(Vault vault, String value) {
    ObjectName name = ObjectName.of(value);
    Told before = told.get(name);
    try {
      vault.delete(name);
      told.put(name, Told.DELETED);
    } catch (HoldfastException e) {
      assertTrue(CLEAN.contains(e.code()), e::toString);
      told.put(name, before == Told.FAILED ? Told.FAILED : Told.MAYBE_DELETED);
    }
  }

  private static String content(ObjectName name) {
    return "the content of " + name + " ".repeat(600) + "ends here";
  }

  private void checkFailuresAreInvisible(Vault vault, String where) {
    told.forEach((name, answer) -> {
      if (answer == Told.FAILED || answer == Told.DELETED) {
        assertTrue(vault.find(name, 1 << 16).isEmpty(), where + ": " + name + " " + answer);
      }
    });
  }

  private void checkPromises(Vault vault, String where) {
    told.forEach((name, answer) -> {
      boolean there = isThere(vault, name, where);
      switch (answer) {
        case CREATED -> assertTrue(there, where + ": lost " + name);
        case FAILED, DELETED -> assertTrue(!there, where + ": " + name + " is back");
        case UNKNOWN, MAYBE_DELETED -> {}
      }
    });
    List<ObjectName> listed = new ArrayList<>();
    vault.list(ObjectPrefix.ALL, listed::add);
    assertTrue(told.keySet().containsAll(listed), () -> where + ": strangers in " + listed);
  }

  /** Whatever is there, is whole. */
  private static boolean isThere(Vault vault, ObjectName name, String where) {
    return vault
        .find(name, 1 << 16)
        .map(found -> {
          assertEquals(content(name), new String(found, UTF_8), where + ": " + name);
          return true;
        })
        .orElse(false);
  }
}
