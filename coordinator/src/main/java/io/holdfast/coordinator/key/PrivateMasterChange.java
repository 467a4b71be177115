package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.Wrap;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.FleetQueries;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostKeysResealed;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.PrivateMaster;
import io.holdfast.proto.wire.v1.PutResealedKeysRequest;
import io.holdfast.proto.wire.v1.SealedKeysOfHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How another master key and another recovery key take the place of those in use in a private
 * repository. Whoever asks has the recovery passphrase: he makes both keys, opens what hosts sealed
 * and seals it to the next recovery key. Nothing of that opens here. Any thread; one attempt at a
 * time.
 *
 * <ol>
 *   <li>I1: what is put for the next recovery key lies beside what the present one opens, and
 *       counts once the next master key is in use: until then nothing is gone.
 *   <li>I2: the next ones come into use only when what each host sealed, and wasn't erased, lies
 *       here for them as the journal says; nothing is handed in meanwhile.
 *   <li>I3: what one attempt put is never used by another, whose recovery key is another one: a new
 *       attempt begins with nothing. An attempt ends with the process.
 * </ol>
 */
public final class PrivateMasterChange {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateMasterChange.class);

  /** Of hosts in one answer and one record: some 100 KiB. */
  static final int PAGE_HOSTS = 200;

  private static final int PAGE_BYTES = 1 << 20;

  /** One who stays away for longer begins again. */
  private static final Duration ATTEMPT_LIFE = Duration.ofHours(1);

  private static final int ATTEMPT_BYTES = 16;
  private static final int HOST_BYTES = 16;

  /** What somebody is about. */
  private static final class Attempt {
    private final ByteString id;
    private final int number;
    private final Set<HostId> done = new HashSet<>();
    private volatile long touchedNanos;

    Attempt(ByteString id, int number, long nowNanos) {
      this.id = id;
      this.number = number;
      this.touchedNanos = nowNanos;
    }
  }

  private final FleetPorts ports;
  private final Vault vault;
  private final MasterInUse master;
  private final KeyRings rings;
  private final MasterChange change;
  private final Audits audits;
  private final RepositoryId repository;
  private final ReentrantLock working = new ReentrantLock();
  private volatile Optional<Attempt> attempt = Optional.empty();

  /** Changes what {@code change} would change by itself in a shared repository. */
  public PrivateMasterChange(
      FleetPorts ports, Vault vault, MasterInUse master, KeyRings rings, MasterChange change) {
    this.ports = ports;
    this.vault = vault;
    this.master = master;
    this.rings = rings;
    this.change = change;
    this.audits = new Audits(ports.mutations());
    this.repository = ports.repository();
    change.await(number -> attempt.filter(now -> now.number == number && isAlive(now)).isPresent());
  }

  private boolean isAlive(Attempt now) {
    return ports.time().nanos() - now.touchedNanos < ATTEMPT_LIFE.toNanos();
  }

  /** Whether {@code asked} begins an attempt. */
  public static boolean isBeginning(ByteString asked) {
    return asked.isEmpty();
  }

  /**
   * What has to be sealed anew still, some of it; {@code asked} is empty to begin. INVALID_ARGUMENT
   * in a shared repository, CANCELLED for an attempt that isn't the one under way; KEY_UNAVAILABLE
   * or MALFORMED for a host's keys that are missing or changed, which it names.
   */
  public ListSealedKeysAnswer list(ByteString asked, String actor) throws InterruptedException {
    requirePrivate();
    working.lockInterruptibly();
    try {
      Attempt now = isBeginning(asked) ? begin(actor) : present(asked);
      ListSealedKeysAnswer.Builder answer =
          ListSealedKeysAnswer.newBuilder()
              .setAttempt(now.id)
              .setNumber(now.number)
              .setRepositoryRecovery(
                  ByteString.copyFrom(rings.current().recovery().orElseThrow().encode()));
      answer.addAllLacking(lacking(now));
      return answer.build();
    } finally {
      working.unlock();
    }
  }

  private List<SealedKeysOfHost> lacking(Attempt now) {
    List<SealedKeysOfHost> page = new ArrayList<>();
    int room = PAGE_BYTES;
    for (HostId host : sealed()) {
      if (page.size() == PAGE_HOSTS || room < 0) {
        break;
      }
      Optional<byte[]> object = now.done.contains(host) ? Optional.empty() : read(host);
      if (object.isPresent()) {
        page.add(
            SealedKeysOfHost.newBuilder()
                .setHost(bytes(host))
                .setObject(ByteString.copyFrom(object.get()))
                .build());
        room -= object.get().length;
      }
    }
    return page;
  }

  /** I3. */
  private Attempt begin(String actor) throws InterruptedException {
    rings.requireAgreement();
    attempt = Optional.empty();
    int next = master.get().number() + 1;
    change.settle();
    if (!MasterObjects.of(vault, number -> number == next).isEmpty()) {
      throw new HoldfastException(
          ErrorCode.VAULT_UNAVAILABLE,
          "the vault did not delete what an earlier attempt left under number "
              + next
              + ", and nothing begins before it did; see the coordinator's log, and try again");
    }
    ports.append(
        audits.of(
            actor,
            "reseal_keys",
            Optional.empty(),
            "sealed keys of all hosts, to be sealed to another recovery key"));
    Attempt begun =
        new Attempt(
            ByteString.copyFrom(ports.randomness().bytes(ATTEMPT_BYTES)),
            next,
            ports.time().nanos());
    attempt = Optional.of(begun);
    LOG.info("another master key, number {}, is asked for by {}", next, actor);
    return begun;
  }

  private Attempt present(ByteString asked) {
    Attempt now =
        attempt
            .filter(this::isAlive)
            .filter(one -> one.id.equals(asked))
            .filter(one -> one.number == master.get().number() + 1)
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.CANCELLED,
                    "this change of the master key is not under way any more: the coordinator was"
                        + " started again, an hour went by, or somebody began another one. The"
                        + " master key and the recovery key are as they were; begin again"));
    now.touchedNanos = ports.time().nanos();
    return now;
  }

  /** Those of which something would be lost. */
  private List<HostId> sealed() {
    return ports.look(fleet ->
        fleet.hosts().stream().map(EnrolledHost::id).filter(host -> mustLie(fleet, host)).toList());
  }

  private static boolean mustLie(FleetQueries fleet, HostId host) {
    return fleet.sealedKeys(host).isPresent() && !fleet.isErased(host);
  }

  /** Empty if it was erased meanwhile. */
  private Optional<byte[]> read(HostId host) {
    int present = master.get().number();
    KeyObject object = KeyObject.sealedHostKeys(repository, present, host);
    Optional<byte[]> bytes = find(object);
    if (!ports.look(fleet -> mustLie(fleet, host))) {
      return Optional.empty();
    }
    if (bytes.isEmpty()) {
      throw lost(ErrorCode.KEY_UNAVAILABLE, host, object, "is not there any more");
    }
    if (!isAsSaid(host, present, bytes.get())) {
      throw lost(ErrorCode.MALFORMED, host, object, "holds other keys than the journal says");
    }
    return bytes;
  }

  private Optional<byte[]> find(KeyObject object) {
    return vault.find(ObjectName.of(object.name()), PrivateHostKeys.BYTES_MAX);
  }

  private boolean isAsSaid(HostId host, int number, byte[] object) {
    Optional<Bytes32> said = ports.look(fleet -> fleet.sealedObject(host, number));
    return said.equals(Optional.of(Digests.sha256(object)));
  }

  private static HoldfastException lost(
      ErrorCode code, HostId host, KeyObject object, String what) {
    return new HoldfastException(
        code,
        object.name()
            + ", by which host "
            + host
            + " is restored without it, "
            + what
            + "; bring it back from another copy of the vault while the present recovery key opens"
            + " it, or give that host up with: holdfast host erase "
            + host
            + ". Nothing was replaced");
  }

  /**
   * Takes what was sealed to the next recovery key. INVALID_ARGUMENT for a host that sealed
   * nothing; MALFORMED; errors of {@link #list}, of the vault and of the journal: all of it may be
   * put again.
   */
  public void put(PutResealedKeysRequest request) throws InterruptedException {
    requirePrivate();
    if (request.getKeysCount() > PAGE_HOSTS) {
      throw new HoldfastException(
          ErrorCode.MESSAGE_TOO_LARGE, "more than " + PAGE_HOSTS + " hosts' keys in one message");
    }
    working.lockInterruptibly();
    try {
      Attempt now = present(request.getAttempt());
      List<HostId> hosts = new ArrayList<>();
      List<Mutation> mutations = new ArrayList<>();
      for (SealedKeysOfHost keys : request.getKeysList()) {
        HostId host = host(keys.getHost());
        if (put(host, now.number, keys.getObject().toByteArray())) {
          hosts.add(host);
          mutations.add(resealed(host, now.number, keys.getObject().toByteArray()));
        }
      }
      if (!hosts.isEmpty()) {
        ports.append(mutations.toArray(Mutation[]::new));
        now.done.addAll(hosts);
      }
    } finally {
      working.unlock();
    }
  }

  private HostId host(ByteString id) {
    if (id.size() != HOST_BYTES) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "a host's id has " + HOST_BYTES + " bytes, not " + id.size());
    }
    HostId host = HostId.of(id.toByteArray());
    if (ports.look(fleet -> fleet.sealedKeys(host)).isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "host " + host + " has handed in no keys here");
    }
    return host;
  }

  /** Whether it is there now: what an erased host had is sealed to nothing more. */
  private boolean put(HostId host, int number, byte[] object) {
    KeyObject at = KeyObject.sealedHostKeys(repository, number, host);
    PrivateHostKeys.requireSound(at, object);
    ObjectName name = ObjectName.of(at.name());
    Optional<byte[]> before = find(at);
    if (before.isEmpty() || !Arrays.equals(before.get(), object)) {
      if (before.isPresent()) {
        vault.delete(name);
      }
      KeyObjects.create(vault, at, object, "; nothing was replaced, try again");
    }
    boolean mustLie = ports.look(fleet -> mustLie(fleet, host));
    if (!mustLie) {
      vault.delete(name);
    }
    return mustLie;
  }

  private static Mutation resealed(HostId host, int number, byte[] object) {
    HostKeysResealed resealed =
        HostKeysResealed.newBuilder()
            .setHost(bytes(host))
            .setNumber(number)
            .setObjectSha256(ByteString.copyFrom(Digests.sha256(object).toByteArray()))
            .build();
    return MutationSealer.clear(Change.newBuilder().setHostKeysResealed(resealed).build());
  }

  /**
   * Takes up what {@code next} says. BUSY if a host has handed in its keys meanwhile: {@link #list}
   * names it. SIGNATURE_INVALID unless the newest root vouches for the recovery key; MALFORMED for
   * wraps that aren't; errors of {@link #list} and of {@link MasterChange#rotate}.
   */
  public MasterChange.Replaced install(PrivateMaster next, String actor)
      throws InterruptedException {
    requirePrivate();
    working.lockInterruptibly();
    try {
      Attempt now = present(next.getAttempt());
      CertifiedRecoveryKey recovery =
          CertifiedRecoveryKey.parse(next.getRepositoryRecovery().toByteArray());
      requireVouchedFor(recovery, rings.current());
      KeyObject recoveryObject = KeyObject.recoveryUnderPassphrase(repository, now.number);
      byte[] wrappedRecovery = next.getWrappedRecovery().toByteArray();
      Wrap.requireSound(recoveryObject, wrappedRecovery);
      byte[] wrappedMaster = next.getWrappedMaster().toByteArray();
      Wrap.requireSound(KeyObject.masterUnderPassphrase(repository, now.number), wrappedMaster);
      Secret key = Secret.take(next.getMasterKey().toByteArray());
      MasterChange.Replaced replaced =
          change.replace(
              number ->
                  new MasterChange.Successor(
                      new MasterInUse.Numbered(MasterKey.of(repository, number, key), number),
                      wrappedMaster,
                      () -> {
                        long hosts = requireAll(now);
                        change.put(recoveryObject, wrappedRecovery);
                        return hosts;
                      },
                      ring -> {
                        requireVouchedFor(recovery, ring);
                        return ring.withRecovery(recovery);
                      }),
              actor);
      attempt = Optional.empty();
      return replaced;
    } finally {
      working.unlock();
    }
  }

  private void requireVouchedFor(CertifiedRecoveryKey recovery, RepositoryKeys ring) {
    PrivateRepository.check(repository, recovery, RootLine.of(ring).newest());
  }

  /** I2. How many hosts' keys lie under the number of {@code now}. */
  private long requireAll(Attempt now) {
    List<HostId> lacking = new ArrayList<>();
    List<HostId> sealed = sealed();
    for (HostId host : sealed) {
      Optional<byte[]> object = find(KeyObject.sealedHostKeys(repository, now.number, host));
      if (object.isEmpty() || !isAsSaid(host, now.number, object.get())) {
        lacking.add(host);
      }
    }
    lacking.removeIf(host -> !ports.look(fleet -> mustLie(fleet, host))); // erased meanwhile
    if (!lacking.isEmpty()) {
      lacking.forEach(now.done::remove);
      throw new HoldfastException(
          ErrorCode.BUSY,
          "the keys of "
              + lacking.size()
              + " hosts are not sealed to the next recovery key yet, that of host "
              + lacking.getFirst()
              + " among them: nothing was replaced, begin again");
    }
    return sealed.size();
  }

  private void requirePrivate() {
    if (!rings.current().isPrivate()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "repository "
              + repository
              + " is shared: its coordinator seals the hosts' keys to the next master key itself");
    }
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }
}
