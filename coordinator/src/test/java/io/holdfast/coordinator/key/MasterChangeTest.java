package io.holdfast.coordinator.key;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.VaultId;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.node.RepositoryUnlock;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.ForwardingVault;
import io.holdfast.coordinator.vault.MemoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.coordinator.vault.VaultIdentity;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostErased;
import io.holdfast.proto.stored.v1.Mutation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One master key after the other where vault, journal or disk fail, over a real catalog. */
class MasterChangeTest {
  /** What becomes of an append. */
  enum Answer {
    DONE,
    REFUSED,
    LOST,
    LOST_BUT_THERE
  }

  @TempDir Path directory;

  private final FleetKit fleet = new FleetKit(17);
  private final MemoryVault memory =
      new MemoryVault(new VaultIdentity(new VaultId(new UUID(0, 1)), fleet.repository));
  private final List<HoldfastException> ended = new ArrayList<>();
  private Answer journal = Answer.DONE;
  private boolean isRingLost;
  private boolean keepsRings;
  private Path serviceKey;
  private HostId web;
  private HostId db;
  private Coordinator coordinator;

  private final Vault vault =
      new ForwardingVault(memory) {
        @Override
        public CreateOutcome create(ObjectName name, ByteBuffer... content) {
          CreateOutcome outcome = super.create(name, content);
          return isRingLost && name.value().startsWith("keys/ring.")
              ? new CreateOutcome.Unknown(new HoldfastException(ErrorCode.IO, "no answer"))
              : outcome;
        }

        @Override
        public void delete(ObjectName name) {
          if (keepsRings && name.value().startsWith("keys/ring.")) {
            throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "no answer");
          }
          super.delete(name);
        }
      };

  /** What a process holds of keys. */
  private record Coordinator(MasterInUse master, KeyRings rings, MasterChange change) {}

  @BeforeEach
  void begin() throws InterruptedException {
    serviceKey = directory.resolve("service.key");
    web = fleet.enrol("web").id();
    db = fleet.enrol("db").id();
    fleet.recoveryKeys.forEach(this::put);
    put("keys/ring.1", fleet.keys.seal(fleet.master, 1, fleet.randomness));
    try (ServiceKey key = ServiceKey.generate(fleet.randomness)) {
      put("keys/master.1.service", fleet.master.wrap(fleet.repository, 1, key, fleet.randomness));
      key.writeFile(serviceKey);
    }
    coordinator = start();
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  private void put(String name, byte[] content) {
    memory.create(ObjectName.of(name), ByteBuffer.wrap(content));
  }

  private Coordinator start() throws InterruptedException {
    RepositoryUnlock unlock = RepositoryUnlock.byService(vault, serviceKey);
    FleetPorts ports = ports();
    MasterInUse master = new MasterInUse(unlock.master(), unlock.masterNumber());
    KeyRings rings = new KeyRings(ports, vault, master, unlock.keys(), unlock.ringNumber());
    rings.onDoubt(ended::add);
    rings.settle();
    MasterChange change = new MasterChange(ports, vault, master, rings, serviceKey);
    change.settle();
    return new Coordinator(master, rings, change);
  }

  private FleetPorts ports() {
    return new FleetPorts(
        fleet.ports.fleet(),
        fleet.ports.repository(),
        fleet.ports.views(),
        this::append,
        fleet.ports.mutations(),
        fleet.ports.authority(),
        fleet.ports.meter(),
        fleet.ports.time(),
        fleet.ports.randomness());
  }

  private CompletableFuture<Appended> append(List<Mutation> mutations) {
    return switch (journal) {
      case DONE -> fleet.journal.append(mutations);
      case REFUSED -> failed(ErrorCode.VAULT_FULL);
      case LOST -> failed(ErrorCode.FENCED);
      case LOST_BUT_THERE -> {
        fleet.journal.append(mutations).join();
        yield failed(ErrorCode.FENCED);
      }
    };
  }

  private static CompletableFuture<Appended> failed(ErrorCode code) {
    return CompletableFuture.failedFuture(new HoldfastException(code, "as the test says"));
  }

  private MasterChange.Replaced rotate() throws InterruptedException {
    try (Passphrase passphrase = Passphrase.of("another four random words".toCharArray())) {
      return coordinator.change().rotate(passphrase, "anna");
    }
  }

  private List<String> keys() {
    List<String> names = new ArrayList<>();
    memory.list(ObjectPrefix.of("keys/"), name -> names.add(name.value()));
    return names;
  }

  private Path next() {
    return MasterChange.nextServiceKey(serviceKey);
  }

  /** Everything is under master key {@code number} alone, and opens. */
  private void assertAlone(int number) {
    String hosts = number == 1 ? "keys/host/" : "keys/host." + number + "/";
    assertEquals(2, keys().stream().filter(name -> name.startsWith(hosts)).count());
    assertTrue(
        keys().stream()
            .allMatch(name ->
                name.startsWith(hosts)
                    || name.startsWith("keys/ring.")
                    || name.startsWith("keys/master." + number + ".")),
        keys().toString());
    MasterInUse.Numbered master = coordinator.master().get();
    assertEquals(number, master.number());
    for (HostId host : List.of(web, db)) {
      byte[] sealed =
          memory.read(ObjectName.of(master.hostRecovery(fleet.repository, host).name()), 1 << 16);
      HostRecoveryKey.open(fleet.repository, host, sealed, master).close();
    }
    assertFalse(Files.exists(next()));
    try (ServiceKey key = ServiceKey.readFile(serviceKey);
        RepositoryUnlock unlock = RepositoryUnlock.byService(memory, key)) {
      assertEquals(number, unlock.masterNumber());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST", "LOST_BUT_THERE"})
  void aRecordInDoubtShouldBeLeftToTheNextStart(Answer answer) throws InterruptedException {
    journal = answer;
    assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, this::rotate);
    journal = Answer.DONE;
    assertInDoubt();
    coordinator = start();
    assertAlone(2);
  }

  @Test
  void aRingInDoubtShouldBeLeftToTheNextStart() throws InterruptedException {
    isRingLost = true;
    assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, this::rotate);
    isRingLost = false;
    assertInDoubt();
    coordinator = start();
    assertAlone(2);
  }

  private void assertInDoubt() {
    assertEquals(1, ended.size(), "the process was told to end");
    List<String> before = keys();
    assertTrue(before.contains("keys/ring.1") && before.contains("keys/ring.2"), before.toString());
    coordinator.change().round();
    coordinator.change().settle();
    assertEquals(before, keys(), "nothing is deleted");
    assertTrue(Files.exists(next()));
    assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, () -> coordinator.master().toSeal());
    assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, () -> coordinator.rings().rotateIds("anna"));
    assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, this::rotate);
    assertEquals(before, keys());
    assertEquals(1, ended.size());
  }

  @Test
  void aRecordThatIsRefusedForCertainShouldLeaveNoRing() throws InterruptedException {
    journal = Answer.REFUSED;
    assertCode(ErrorCode.VAULT_FULL, this::rotate);
    journal = Answer.DONE;
    assertEquals(List.of(), ended);
    assertFalse(keys().contains("keys/ring.2"));
    coordinator = start(); // at once, with all the rest still there
    assertAlone(1);
    assertEquals(2, rotate().number());
    assertAlone(2);
  }

  @Test
  void aRingThatCannotBeTakenBackShouldEndTheProcess() throws InterruptedException {
    journal = Answer.REFUSED;
    keepsRings = true;
    assertCode(ErrorCode.VAULT_OUTCOME_UNKNOWN, this::rotate);
    journal = Answer.DONE;
    keepsRings = false;
    assertInDoubt();
    coordinator = start();
    assertAlone(2);
  }

  @Test
  void nothingShouldBeDeletedWhileTheJournalNamesAnotherKey() throws InterruptedException {
    Coordinator other = coordinator;
    coordinator = start();
    rotate();
    put("keys/host.3/" + web, new byte[1]);
    List<String> before = keys();
    other.change().round();
    assertEquals(before, keys());
    HoldfastException why =
        assertCode(ErrorCode.KEY_UNAVAILABLE, () -> other.rings().rotateIds("anna"));
    assertTrue(why.getMessage().contains("restart this coordinator"), why.getMessage());
  }

  @Test
  void aMissingKeyOfAHostShouldBeNamedBeforeAnythingIsReplaced() throws InterruptedException {
    ObjectName key = ObjectName.of(KeyObject.hostRecovery(fleet.repository, web).name());
    byte[] healed = memory.read(key, 1 << 16);
    fleet.revocations.revoke(web, "anna");
    memory.delete(key);
    HoldfastException why = assertCode(ErrorCode.KEY_UNAVAILABLE, this::rotate);
    assertTrue(why.getMessage().contains(key.value()), why.getMessage());
    assertFalse(keys().contains("keys/ring.2"));
    put(key.value(), healed);
    assertEquals(2, rotate().hosts(), "revoked or not");
    assertAlone(2);

    fleet.ports.append(
        MutationSealer.clear(
            Change.newBuilder()
                .setHostErased(
                    HostErased.newBuilder().setHost(ByteString.copyFrom(web.toByteArray())))
                .build()));
    memory.delete(ObjectName.of("keys/host.2/" + web));
    assertEquals(1, rotate().hosts(), "an erased one has none");
  }

  @Test
  void aHostWhoseEnrolmentIsUnderWayShouldKeepItsKey() throws InterruptedException {
    HostId coming = HostId.of(fleet.randomness.bytes(16));
    try (HostRecoveryKey key = HostRecoveryKey.generate(coming, fleet.randomness)) {
      put("keys/host/" + coming, key.seal(fleet.repository, fleet.master, fleet.randomness));
    }
    assertEquals(3, rotate().hosts());
    assertTrue(keys().contains("keys/host.2/" + coming));
  }

  @Test
  void theOnlyKeyOfAHostShouldNotBeDeleted() throws InterruptedException {
    ObjectName key = ObjectName.of(KeyObject.hostRecovery(fleet.repository, web).name());
    memory.delete(key);
    put("keys/host.7/" + web, new byte[1]);
    put("keys/host.7/" + db, new byte[1]);
    coordinator.change().round();
    assertTrue(keys().contains("keys/host.7/" + web));
    assertFalse(keys().contains("keys/host.7/" + db));
  }

  @Test
  void aServiceKeyThatCannotBePutInItsPlaceShouldStayBesideIt()
      throws InterruptedException, IOException {
    byte[] first = Files.readAllBytes(serviceKey);
    Files.delete(serviceKey);
    Files.createDirectories(serviceKey.resolve("in the way"));
    assertEquals(2, rotate().number(), "which is no reason to withhold the kit");
    byte[] second = Files.readAllBytes(next());
    assertFalse(Arrays.equals(first, second));
    coordinator = start();
    assertEquals(2, coordinator.master().get().number());
    assertCode(ErrorCode.IO, this::rotate);
    assertArrayEquals(second, Files.readAllBytes(next()), "the only copy");
    Files.delete(serviceKey.resolve("in the way"));
    Files.delete(serviceKey);
    coordinator.change().round();
    assertArrayEquals(second, Files.readAllBytes(serviceKey));
    assertAlone(2);
    assertEquals(3, rotate().number());
    assertAlone(3);
  }
}
