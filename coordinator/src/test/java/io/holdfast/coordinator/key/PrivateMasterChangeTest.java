package io.holdfast.coordinator.key;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.VaultId;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.FleetKit.Machine;
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
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.PrivateMaster;
import io.holdfast.proto.wire.v1.PutResealedKeysRequest;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import io.holdfast.proto.wire.v1.SealedKeysOfHost;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One master key and recovery key after the other in a private repository, over a real catalog. */
class PrivateMasterChangeTest {
  private static final Argon2Cost CHEAP = new Argon2Cost(8, 1, 1);
  private static final int STEPS_MAX = 24;

  @TempDir Path directory;

  private final FleetKit fleet = new FleetKit(23, RepositoryMode.REPOSITORY_MODE_PRIVATE);
  private final RepositoryId repository = fleet.repository;
  private final MemoryVault memory =
      new MemoryVault(new VaultIdentity(new VaultId(new UUID(0, 1)), repository));
  private final Map<HostId, byte[]> secrets = new HashMap<>();
  private Path serviceKey;
  private HostId web;
  private HostId db;
  private Coordinator coordinator;

  /** Steps that vault and journal take before the process dies. */
  private int left = Integer.MAX_VALUE;

  /** Whether the last step is taken all the same, unheard. */
  private boolean isLastTaken;

  private final Vault vault =
      new ForwardingVault(memory) {
        @Override
        public CreateOutcome create(ObjectName name, ByteBuffer... content) {
          if (isDying()) {
            if (isLastTaken) {
              super.create(name, content);
            }
            return new CreateOutcome.Unknown(dead(), false);
          }
          return super.create(name, content);
        }

        @Override
        public void delete(ObjectName name) {
          if (isDying()) {
            if (isLastTaken) {
              super.delete(name);
            }
            throw dead();
          }
          super.delete(name);
        }
      };

  private boolean isDying() {
    left--;
    isLastTaken &= left >= -1;
    return left < 0;
  }

  private static HoldfastException dead() {
    return new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "the process died here");
  }

  /** What a process holds of keys. */
  private record Coordinator(
      MasterInUse master, KeyRings rings, MasterChange change, PrivateMasterChange changing) {}

  /** What whoever has the passphrase holds. */
  private record Recovering(HostKeyPair pair, String words, int number) {}

  @BeforeEach
  void begin() throws Exception {
    serviceKey = directory.resolve("service.key");
    put(
        "keys/ring.1",
        fleet
            .keys
            .withIssuingCa(fleet.issuing.key().toIssuingCaKey())
            .seal(fleet.master, 1, fleet.randomness));
    try (ServiceKey key = ServiceKey.generate(fleet.randomness)) {
      put("keys/master.1.service", fleet.master.wrap(repository, 1, key, fleet.randomness));
      key.writeFile(serviceKey);
    }
    try (Passphrase words = words("first")) {
      put(
          "keys/master.1.passphrase",
          fleet.master.wrap(repository, 1, words, CHEAP, fleet.randomness));
      put(
          "keys/recovery.passphrase",
          RepositoryRecovery.wrap(
              repository, fleet.recovery.orElseThrow(), words, CHEAP, fleet.randomness));
    }
    web = handedIn();
    db = handedIn();
    coordinator = start();
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  private static Passphrase words(String words) {
    return Passphrase.of((words + " four random words").toCharArray());
  }

  private void put(String name, byte[] content) {
    memory.create(ObjectName.of(name), ByteBuffer.wrap(content));
  }

  /** A host that handed in its keys, sealed to the first recovery key. */
  private HostId handedIn() throws Exception {
    Machine machine = fleet.machine();
    HostId host =
        HostId.of(
            fleet
                .enrolments
                .enrol(fleet.request(fleet.token("h"), machine, "h").build())
                .getHost()
                .toByteArray());
    byte[] object;
    try (PrivateHostKeys keys = PrivateHostKeys.generate(host, fleet.randomness)) {
      object = keys.seal(repository, recovery().publicKey(), fleet.randomness);
      secrets.put(host, keys.recoveryKey().privateKey().toByteArray());
    }
    fleet.sealedKeys.take(
        host,
        SealKeysRequest.newBuilder()
            .setObject(ByteString.copyFrom(object))
            .setSignature(
                ByteString.copyFrom(
                    PrivateRepository.signKeys(
                            repository, host, Digests.sha256(object), machine.signing)
                        .toByteArray()))
            .build());
    put(KeyObject.sealedHostKeys(repository, host).name(), object);
    return host;
  }

  private HostKeyPair recovery() {
    return fleet.recovery.orElseThrow();
  }

  private Coordinator start() throws InterruptedException {
    RepositoryUnlock unlock = RepositoryUnlock.byService(vault, serviceKey);
    FleetPorts ports = ports();
    MasterInUse master = new MasterInUse(unlock.master(), unlock.masterNumber());
    KeyRings rings = new KeyRings(ports, vault, master, unlock.keys(), unlock.ringNumber());
    rings.settle();
    MasterChange change = new MasterChange(ports, vault, master, rings, serviceKey);
    change.settle();
    return new Coordinator(
        master, rings, change, new PrivateMasterChange(ports, vault, master, rings, change));
  }

  private FleetPorts ports() {
    return new FleetPorts(
        fleet.ports.fleet(),
        repository,
        fleet.ports.views(),
        this::append,
        fleet.ports.mutations(),
        fleet.ports.authority(),
        fleet.ports.meter(),
        fleet.ports.time(),
        fleet.ports.randomness());
  }

  private CompletableFuture<Appended> append(List<Mutation> mutations) {
    if (isDying()) {
      if (isLastTaken) {
        fleet.journal.append(mutations).join();
      }
      return CompletableFuture.failedFuture(
          new HoldfastException(ErrorCode.FENCED, "the process died here"));
    }
    return fleet.journal.append(mutations);
  }

  private List<String> keys() {
    List<String> names = new ArrayList<>();
    memory.list(ObjectPrefix.of("keys/"), name -> names.add(name.value()));
    return names;
  }

  private ListSealedKeysAnswer begun() throws InterruptedException {
    return coordinator.changing().list(ByteString.EMPTY, "anna");
  }

  private PutResealedKeysRequest resealed(
      ListSealedKeysAnswer page, HostKeyPair former, HostKeyPair next) {
    PutResealedKeysRequest.Builder put =
        PutResealedKeysRequest.newBuilder().setAttempt(page.getAttempt());
    for (SealedKeysOfHost sealed : page.getLackingList()) {
      HostId host = HostId.of(sealed.getHost().toByteArray());
      try (PrivateHostKeys opened =
          PrivateHostKeys.open(repository, host, sealed.getObject().toByteArray(), former)) {
        byte[] object = opened.seal(repository, next.publicKey(), fleet.randomness);
        put.addKeys(sealed.toBuilder().setObject(ByteString.copyFrom(object)));
      }
    }
    return put.build();
  }

  private PrivateMaster next(ListSealedKeysAnswer begun, Recovering next, FleetAuthority vouching) {
    try (MasterKey master = MasterKey.generate(fleet.randomness);
        Passphrase words = words(next.words())) {
      return PrivateMaster.newBuilder()
          .setAttempt(begun.getAttempt())
          .setMasterKey(ByteString.copyFrom(master.toByteArray()))
          .setWrappedMaster(
              ByteString.copyFrom(
                  master.wrap(repository, next.number(), words, CHEAP, fleet.randomness)))
          .setRepositoryRecovery(
              ByteString.copyFrom(
                  PrivateRepository.certify(
                          repository, next.pair().publicKey(), vouching.key(), fleet.randomness)
                      .encode()))
          .setWrappedRecovery(
              ByteString.copyFrom(
                  RepositoryRecovery.wrap(
                      KeyObject.recoveryUnderPassphrase(repository, next.number()),
                      next.pair(),
                      words,
                      CHEAP,
                      fleet.randomness)))
          .build();
    }
  }

  private Recovering replace(HostKeyPair former, String words) throws InterruptedException {
    ListSealedKeysAnswer begun = begun();
    Recovering next =
        new Recovering(HostKeyPair.generate(fleet.randomness), words, begun.getNumber());
    coordinator.changing().put(resealed(begun, former, next.pair()));
    assertEquals(0, coordinator.changing().list(begun.getAttempt(), "anna").getLackingCount());
    coordinator.changing().install(next(begun, next, fleet.authority), "anna");
    return next;
  }

  /** Everything goes with master key {@code number} alone, and opens by {@code words}. */
  private void assertAlone(int number, String words) {
    MasterInUse.Numbered master = coordinator.master().get();
    assertEquals(number, master.number());
    List<KeyObject> hosts =
        secrets.keySet().stream()
            .map(host -> KeyObject.sealedHostKeys(repository, number, host))
            .toList();
    KeyObject recovery = KeyObject.recoveryUnderPassphrase(repository, number);
    List<String> expected = new ArrayList<>(hosts.stream().map(KeyObject::name).toList());
    expected.add(recovery.name());
    expected.add(KeyObject.masterUnderPassphrase(repository, number).name());
    expected.add(KeyObject.masterUnderService(repository, number).name());
    assertEquals(
        expected.stream().sorted().toList(),
        keys().stream().filter(name -> !name.startsWith("keys/ring.")).sorted().toList());
    try (Passphrase passphrase = words(words);
        RepositoryUnlock unlock = RepositoryUnlock.byPassphrase(memory, passphrase);
        HostKeyPair pair = RepositoryRecovery.unwrap(recovery, read(recovery), passphrase)) {
      assertEquals(number, unlock.masterNumber());
      assertEquals(
          pair.publicKey(), unlock.keys().recovery().orElseThrow().publicKey(), "as certified");
      secrets.forEach((host, secret) -> {
        KeyObject object = KeyObject.sealedHostKeys(repository, number, host);
        byte[] sealed = read(object);
        try (PrivateHostKeys opened = PrivateHostKeys.open(object, host, sealed, pair)) {
          assertEquals(
              ByteString.copyFrom(secret),
              ByteString.copyFrom(opened.recoveryKey().privateKey().toByteArray()));
        }
        assertEquals(
            Digests.sha256(sealed),
            fleet.ports.look(known -> known.sealedObject(host, number)).orElseThrow(),
            "as the journal says");
      });
    }
  }

  private byte[] read(KeyObject object) {
    return memory.read(ObjectName.of(object.name()), 1 << 17);
  }

  @Test
  void everythingShouldGoWithTheNewKeysAlone() throws InterruptedException {
    assertAlone(1, "first");
    Recovering second = replace(recovery(), "second");
    assertAlone(2, "second");
    coordinator = start();
    assertAlone(2, "second");
    replace(second.pair(), "third");
    assertAlone(3, "third");
  }

  /** One step after the other is the last one: of two processes, the second sees no half. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProcessThatDiesAtAnyStepShouldLeaveOneOrTheOther(boolean taken) throws Exception {
    int finished = 0;
    HostKeyPair present = recovery();
    String presentWords = "first";
    int number = 1;
    for (int steps = 0; steps < STEPS_MAX; steps++) {
      left = steps;
      isLastTaken = taken;
      String words = "at step " + steps;
      Recovering next = null;
      try {
        ListSealedKeysAnswer begun = begun();
        next = new Recovering(HostKeyPair.generate(fleet.randomness), words, begun.getNumber());
        coordinator.changing().put(resealed(begun, present, next.pair()));
        coordinator.changing().install(next(begun, next, fleet.authority), "anna");
        finished++;
      } catch (HoldfastException e) {
        assertTrue(left < 0, e.toString()); // nothing else fails
      }
      left = Integer.MAX_VALUE;
      coordinator = start();
      if (coordinator.master().get().number() > number) {
        number++;
        present = next.pair();
        presentWords = words;
      }
      assertAlone(number, presentWords);
    }
    assertTrue(finished > 0, "in " + STEPS_MAX + " steps all of it is done");
    assertTrue(number > finished, "it was taken up at least as often as somebody heard so");
  }

  @Test
  void whatAnAttemptLeftShouldServeNoOther() throws InterruptedException {
    ListSealedKeysAnswer first = begun();
    HostKeyPair mine = HostKeyPair.generate(fleet.randomness);
    coordinator.changing().put(resealed(first, recovery(), mine));
    assertTrue(keys().contains("keys/sealed.2/" + web));
    coordinator.change().round();
    assertTrue(keys().contains("keys/sealed.2/" + web), "it is awaited");
    ListSealedKeysAnswer second = begun();
    assertFalse(keys().contains("keys/sealed.2/" + web));
    assertEquals(2, second.getLackingCount());
    PutResealedKeysRequest late = resealed(first, recovery(), mine);
    assertCode(ErrorCode.CANCELLED, () -> coordinator.changing().put(late));
    Recovering next = new Recovering(mine, "second", 2);
    assertCode(
        ErrorCode.CANCELLED,
        () -> coordinator.changing().install(next(first, next, fleet.authority), "anna"));
    assertCode(
        ErrorCode.BUSY,
        () -> coordinator.changing().install(next(second, next, fleet.authority), "anna"));
    assertAlone(1, "first");
  }

  @Test
  void anAttemptThatNobodyGoesOnWithShouldBeForgotten() throws InterruptedException {
    ListSealedKeysAnswer begun = begun();
    HostKeyPair mine = HostKeyPair.generate(fleet.randomness);
    coordinator.changing().put(resealed(begun, recovery(), mine));
    fleet.time.advance(Duration.ofHours(2));
    assertCode(ErrorCode.CANCELLED, () -> coordinator.changing().list(begun.getAttempt(), "anna"));
    coordinator.change().round();
    assertAlone(1, "first");
  }

  @Test
  void onlyWhatTheNewestRootVouchesForShouldBeTakenUp() throws InterruptedException {
    ListSealedKeysAnswer begun = begun();
    Recovering next = new Recovering(HostKeyPair.generate(fleet.randomness), "second", 2);
    coordinator.changing().put(resealed(begun, recovery(), next.pair()));
    FleetAuthority other =
        FleetAuthority.create(fleet.authority.fleet(), fleet.time, fleet.randomness);
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () -> coordinator.changing().install(next(begun, next, other), "anna"));
    PrivateMaster swapped =
        next(begun, next, fleet.authority).toBuilder()
            .setWrappedRecovery(ByteString.copyFrom(new byte[200]))
            .build();
    assertCode(ErrorCode.MALFORMED, () -> coordinator.changing().install(swapped, "anna"));
    coordinator.changing().install(next(begun, next, fleet.authority), "anna");
    assertAlone(2, "second");
  }

  @Test
  void aHostThatHandsInMeanwhileShouldBeSealedToo() throws Exception {
    ListSealedKeysAnswer begun = begun();
    Recovering next = new Recovering(HostKeyPair.generate(fleet.randomness), "second", 2);
    coordinator.changing().put(resealed(begun, recovery(), next.pair()));
    handedIn();
    PrivateMaster asked = next(begun, next, fleet.authority);
    assertCode(ErrorCode.BUSY, () -> coordinator.changing().install(asked, "anna"));
    ListSealedKeysAnswer more = coordinator.changing().list(begun.getAttempt(), "anna");
    assertEquals(1, more.getLackingCount());
    coordinator.changing().put(resealed(more, recovery(), next.pair()));
    assertEquals(3, coordinator.changing().install(asked, "anna").hosts());
    assertAlone(2, "second");
  }

  @Test
  void anErasedHostShouldBeSealedToNothingMore() throws InterruptedException {
    ListSealedKeysAnswer begun = begun();
    Recovering next = new Recovering(HostKeyPair.generate(fleet.randomness), "second", 2);
    PutResealedKeysRequest all = resealed(begun, recovery(), next.pair());
    fleet.revocations.revoke(web, "anna");
    fleet.ports.append(
        MutationSealer.clear(
            Change.newBuilder()
                .setHostErased(
                    HostErased.newBuilder().setHost(ByteString.copyFrom(web.toByteArray())))
                .build()));
    memory.delete(ObjectName.of(KeyObject.sealedHostKeys(repository, web).name()));
    coordinator.changing().put(all);
    assertFalse(keys().contains("keys/sealed.2/" + web));
    assertEquals(
        1, coordinator.changing().install(next(begun, next, fleet.authority), "anna").hosts());
    secrets.remove(web);
    assertAlone(2, "second");
  }

  @Test
  void aHostsKeysThatAreMissingOrChangedShouldBeNamedBeforeAnythingIsReplaced()
      throws InterruptedException {
    ObjectName key = ObjectName.of(KeyObject.sealedHostKeys(repository, db).name());
    byte[] good = memory.read(key, 1 << 17);
    memory.delete(key);
    HoldfastException missing = assertCode(ErrorCode.KEY_UNAVAILABLE, this::begun);
    assertTrue(missing.getMessage().contains(key.value()), missing.getMessage());
    byte[] changed = good.clone();
    changed[20] ^= 1;
    put(key.value(), changed);
    HoldfastException other = assertCode(ErrorCode.MALFORMED, this::begun);
    assertTrue(other.getMessage().contains(key.value()), other.getMessage());
    memory.delete(key);
    put(key.value(), good);
    replace(recovery(), "second");
    assertAlone(2, "second");
  }

  @Test
  void aSharedRepositoryShouldRefuseIt() throws InterruptedException {
    try (FleetKit shared = new FleetKit(24)) {
      RepositoryKeys ring = shared.keys;
      MasterInUse master = new MasterInUse(shared.master, 1);
      KeyRings rings = new KeyRings(shared.ports, memory, master, ring, 1);
      MasterChange change = new MasterChange(shared.ports, memory, master, rings, serviceKey);
      PrivateMasterChange changing =
          new PrivateMasterChange(shared.ports, memory, master, rings, change);
      HoldfastException refused =
          assertThrows(HoldfastException.class, () -> changing.list(ByteString.EMPTY, "anna"));
      assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
    }
  }
}
