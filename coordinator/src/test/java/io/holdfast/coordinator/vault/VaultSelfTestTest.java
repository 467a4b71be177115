package io.holdfast.coordinator.vault;

import static io.holdfast.coordinator.vault.VaultContract.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.EntryVisitor;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.ForwardingFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Stores that break the promises, each in its own way, are refused by name of the promise. */
class VaultSelfTestTest {
  private static final RaceSize RACE = new RaceSize(8, 4);

  private final LossyVault lossy = LossyVault.founded(1);
  private final FileSystem honest = lossy.disk.mount();

  private VaultSelfTest selfTest(Vault... members) {
    ObjectPrefix scratch = ObjectPrefix.of("selftest/");
    return new VaultSelfTest(List.of(members), scratch, lossy.randomness(), Time.system());
  }

  private void assertRefused(VaultCheck check, VaultSelfTest test) {
    HoldfastException refusal = assertFails(ErrorCode.VAULT_UNSUITABLE, () -> test.full(RACE));
    assertTrue(refusal.getMessage().contains(check.claim()), refusal::getMessage);
  }

  private void assertRefused(VaultCheck check, FileSystem broken) {
    assertRefused(check, selfTest(lossy.openOn(broken), lossy.openOn(broken)));
  }

  private static SelfTestResult.Passed race(SelfTestResult result) {
    return result.checks().stream()
        .filter(passed -> passed.check() == VaultCheck.RACE)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldTrustAnHonestVaultAndSayWhatWasShown() {
    SelfTestResult result = selfTest(lossy.open(), lossy.open()).full(RACE);
    assertEquals(2, result.members());
    assertEquals(VaultCheck.values().length, result.checks().size());
    SelfTestResult.Passed race = race(result);
    assertEquals(32, race.creates());
    assertEquals(0, race.unknown());
  }

  @Test
  void shouldCostALeaderAFewCreatesToStart() {
    RecordingVault recorded = new RecordingVault(lossy.open());
    SelfTestResult result = selfTest(recorded).quick();
    assertEquals(
        List.of(VaultCheck.CREATE_TWICE, VaultCheck.READ_BACK),
        result.checks().stream().map(SelfTestResult.Passed::check).toList());
    assertEquals(3, recorded.count(RecordingVault.Call.CREATE));
    assertEquals(0, recorded.count(RecordingVault.Call.LIST));
  }

  @Test
  void shouldRefuseLinksThatOverwrite() {
    assertRefused(
        VaultCheck.CREATE_TWICE,
        new ForwardingFileSystem(honest) {
          @Override
          public void link(Path existing, Path name) throws IOException {
            if (exists(name)) {
              delete(name);
            }
            super.link(existing, name);
          }
        });
  }

  @Test
  void shouldRefuseLinksThatSucceedWithoutLinking() {
    assertRefused(
        VaultCheck.CREATE_TWICE,
        new ForwardingFileSystem(honest) {
          @Override
          public void link(Path existing, Path name) throws IOException {
            if (!exists(name)) {
              super.link(existing, name);
            }
          }
        });
  }

  @Test
  void shouldRefuseAFileSystemWithoutLinks() {
    FileSystem linkless = new Linkless(honest);
    assertRefused(VaultCheck.CREATE_TWICE, linkless);
    HoldfastException refusal =
        assertFails(
            ErrorCode.VAULT_UNSUITABLE,
            () ->
                DirectoryVault.create(
                        linkless, lossy.randomness(), Path.of("/new"), LossyVault.REPOSITORY)
                    .close());
    assertTrue(refusal.getMessage().contains("hard link"), refusal::getMessage);
  }

  private static final class Linkless extends ForwardingFileSystem {
    Linkless(FileSystem target) {
      super(target);
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
      throw new FileSystemException(name.toString(), null, "Operation not supported");
    }
  }

  @Test
  void shouldRefuseCreatesThatAreExclusiveOnlyOneAfterAnother() {
    assertRefused(VaultCheck.RACE, new LookThenLink(honest));
  }

  /**
   * Looks whether the name is free, lets a racer look too, then takes it, displacing whoever came
   * first; its link counts are remembered, as a NAS client's attributes are.
   */
  private static final class LookThenLink extends ForwardingFileSystem {
    private final Map<Path, CountDownLatch> looking = new ConcurrentHashMap<>();
    private final Map<Path, Integer> linkCounts = new ConcurrentHashMap<>();

    LookThenLink(FileSystem target) {
      super(target);
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
      if (exists(name)) {
        throw new FileAlreadyExistsException(name.toString());
      }
      awaitRacer(looking.computeIfAbsent(name, _ -> new CountDownLatch(2)));
      displace(existing, name);
      linkCounts.put(existing, 2);
    }

    private static void awaitRacer(CountDownLatch looked) throws IOException {
      looked.countDown();
      try {
        boolean raced = looked.await(50, TimeUnit.MILLISECONDS);
        assertTrue(raced || looked.getCount() == 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    private synchronized void displace(Path existing, Path name) throws IOException {
      if (exists(name)) {
        delete(name);
      }
      super.link(existing, name);
    }

    @Override
    public int linkCount(Path file) throws IOException {
      return linkCounts.getOrDefault(file, super.linkCount(file));
    }
  }

  @Test
  void shouldRefuseListsThatAreBehind() {
    HostileVault stale = new HostileVault(lossy.open(), 1).with(Mischief.STALE_LIST, 1);
    assertRefused(VaultCheck.LIST_AFTER_CREATE, selfTest(stale));
    assertRefused(
        VaultCheck.LIST_AFTER_CREATE,
        new ForwardingFileSystem(honest) {
          @Override
          public void list(Path directory, EntryVisitor visitor) throws IOException {
            super.list(directory, (name, isDirectory) -> !isDirectory || visitor.visit(name, true));
          }
        });
  }

  @Test
  void shouldRefuseReadsThatAreBehindOrWrong() {
    for (Mischief mischief :
        List.of(Mischief.LATE_VISIBILITY, Mischief.SHORT_READ, Mischief.FLIPPED_READ)) {
      HostileVault hostile = new HostileVault(lossy.open(), 1).with(mischief, 1);
      assertRefused(VaultCheck.CREATE_TWICE, selfTest(hostile));
    }
    HostileVault swapping = new HostileVault(lossy.open(), 1).with(Mischief.OTHER_OBJECT, 1);
    assertRefused(VaultCheck.READ_BACK, selfTest(swapping));
  }

  @Test
  void shouldRefuseDeletesThatDoNotDelete() {
    Vault keeping =
        new ForwardingVault(lossy.open()) {
          @Override
          public void delete(ObjectName name) {}
        };
    assertRefused(VaultCheck.DELETE_THEN_CREATE, selfTest(keeping));
  }

  @Test
  void shouldRefuseAnObjectThatShowsBeforeItIsFinished() {
    Vault early =
        new ForwardingVault(lossy.open()) {
          @Override
          public ObjectWriter newObject(ObjectName name) {
            create(name, VaultContract.bytes("too early"));
            return super.newObject(name);
          }
        };
    assertRefused(VaultCheck.PUBLISH, selfTest(early));
  }

  @Test
  void shouldNotCallAStoreUnsuitableThatMerelyFails() {
    Vault vault = lossy.open();
    lossy.disk.arm(DiskFault.forever(FileOperation.SYNC_FILE, 2, DiskFault.Errno.ENOSPC));
    assertFails(ErrorCode.VAULT_FULL, () -> selfTest(vault).full(RACE));
    lossy.disk.heal();
    List<ObjectName> left = new ArrayList<>();
    vault.list(ObjectPrefix.ALL, left::add);
    assertEquals(List.of(), left);
  }

  @Test
  void shouldTolerateAndCountUnknownOutcomesOfARace() {
    SelfTestResult result = selfTest(new UnsureInRaces(lossy.open())).full(RACE);
    assertEquals(32, race(result).unknown());
  }

  /** Never sure who won once creators race. */
  private static final class UnsureInRaces extends ForwardingVault {
    UnsureInRaces(Vault target) {
      super(target);
    }

    @Override
    public CreateOutcome create(ObjectName name, ByteBuffer... content) {
      CreateOutcome outcome = super.create(name, content);
      boolean racing = Thread.currentThread().getName().startsWith("self-test-creator");
      return racing
          ? new CreateOutcome.Unknown(VaultErrors.unknown(name, "nobody told", null))
          : outcome;
    }
  }
}
