package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How another master key takes the place of the one in use: all that rests under it is sealed anew,
 * in objects of names of their own. Any thread; one change at a time.
 *
 * <ol>
 *   <li>I1: until the record, everything opens under the master key before: its objects are not
 *       touched. From the ring's object on, which is written last, everything opens under the next.
 *   <li>I2: what was sealed under the one before is deleted after the record, and never before.
 *   <li>I3: nothing new is sealed under either while the change is on.
 *   <li>I4: an erased host's key is sealed under no other master key.
 *   <li>I5: nothing is deleted, nor the service key replaced, unless the journal names the master
 *       key and the ring that are in use here; and never the only key of a host that isn't erased.
 * </ol>
 *
 * <p>In a private repository it is {@link PrivateMasterChange} that says what the next master key
 * is, and the recovery key and what hosts sealed to it go with it by its number, in step 2.
 *
 * <pre>
 *  step                                        a start after a crash here
 *  1 the next service key, beside the old one  goes on under the old master key, and drops the rest
 *  2 recovery keys of hosts                    the same
 *  3 wraps of the next master key              the same
 *  4 the key ring                              is under the next one: journals it, then 6
 *  5 the record                                is under the next one: 6
 *  6 the service key in its place, and what    finishes 6
 *    is under any other master key deleted
 * </pre>
 *
 * <p>Where a process can't tell whether 4 or 5 was done, it freezes the master key, so that nothing
 * is sealed under either, and ends: the next start can tell.
 */
public final class MasterChange {
  private static final Logger LOG = LoggerFactory.getLogger(MasterChange.class);
  private static final int KEY_BYTES_MAX = 1 << 20;

  private final FleetPorts ports;
  private final Vault vault;
  private final MasterInUse master;
  private final KeyRings rings;
  private final Path serviceKey;
  private final RepositoryId repository;

  /** Number of the master key to come for which hosts' keys lie here already. */
  private volatile IntPredicate awaited = number -> false;

  /**
   * Begins with the master key in use.
   *
   * @param serviceKey the file by which a start opens it
   */
  public MasterChange(
      FleetPorts ports, Vault vault, MasterInUse master, KeyRings rings, Path serviceKey) {
    this.ports = ports;
    this.vault = vault;
    this.master = master;
    this.rings = rings;
    this.serviceKey = serviceKey;
    this.repository = ports.repository();
  }

  /** Where the next service key lies until the next master key is in use. */
  public static Path nextServiceKey(Path serviceKey) {
    return serviceKey.resolveSibling(serviceKey.getFileName() + ".next");
  }

  /**
   * What was done.
   *
   * @param hosts whose recovery keys were sealed anew
   * @param wrapped {@code keys/master.<number>.passphrase}, for the kit
   */
  public record Replaced(int number, long hosts, ByteString wrapped) {}

  /**
   * Finishes what an earlier process was about, once the key ring is settled: the master key that
   * opened it is the one in use. What vault or disk refuse is a warning, and tried again by {@link
   * #round}.
   */
  public void settle() {
    master.replacement().lock();
    try {
      finish();
    } finally {
      master.replacement().unlock();
    }
  }

  /** As {@link #settle}, for what was refused. */
  public void round() {
    if (master.replacement().tryLock()) {
      try {
        finish();
      } finally {
        master.replacement().unlock();
      }
    }
  }

  /**
   * Makes another master key, wrapped under {@code passphrase} and under a new service key, and
   * seals all keys at rest under it. IO if the service key's file can't be written, before anything
   * else; KEY_UNAVAILABLE or MALFORMED for a host's key that is missing or doesn't open; errors of
   * vault and journal. After an error the one before is in use, but for VAULT_OUTCOME_UNKNOWN: then
   * this process ends, and the next start finds out which one is.
   */
  public Replaced rotate(Passphrase passphrase, String actor) throws InterruptedException {
    return replace(number -> made(number, passphrase), actor);
  }

  private Successor made(int number, Passphrase passphrase) {
    MasterInUse.Numbered next =
        new MasterInUse.Numbered(MasterKey.generate(ports.randomness()), number);
    byte[] wrapped =
        next.key().wrap(repository, number, passphrase, Argon2Cost.DEFAULT, ports.randomness());
    return new Successor(next, wrapped, () -> sealHosts(next), UnaryOperator.identity());
  }

  /**
   * The master key that is to come.
   *
   * @param wrapped under the passphrase
   * @param sealing puts into the vault what has to lie under it, or go with it; counts the hosts
   * @param ring what else changes in the key ring with it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Successor(
      MasterInUse.Numbered key,
      byte[] wrapped,
      LongSupplier sealing,
      UnaryOperator<RepositoryKeys> ring) {}

  /** As {@link #rotate}, to what {@code making} gives for a number. */
  Replaced replace(IntFunction<Successor> making, String actor) throws InterruptedException {
    master.replacement().lockInterruptibly();
    try (ServiceKey service = ServiceKey.generate(ports.randomness())) {
      rings.requireAgreement();
      takeServiceKey(); // the only copy of the present one may lie where the next one goes
      clear();
      Successor successor = making.apply(master.get().number() + 1);
      MasterInUse.Numbered next = successor.key();
      service.writeFile(nextServiceKey(serviceKey));
      long hosts = successor.sealing().getAsLong();
      put(KeyObject.masterUnderPassphrase(repository, next.number()), successor.wrapped());
      put(
          KeyObject.masterUnderService(repository, next.number()),
          next.key().wrap(repository, next.number(), service, ports.randomness()));
      rings.replaceMaster(next, successor.ring(), actor);
      LOG.info("master key {} is in use; {} hosts' keys are under it", next.number(), hosts);
      finish();
      return new Replaced(next.number(), hosts, ByteString.copyFrom(successor.wrapped()));
    } finally {
      master.replacement().unlock();
    }
  }

  /** What hosts' keys under which numbers stay though that master key isn't in use yet. */
  void await(IntPredicate numbers) {
    awaited = numbers;
  }

  private long sealHosts(MasterInUse.Numbered next) {
    MasterInUse.Numbered present = master.get();
    Set<HostId> enrolled = enrolled();
    Set<HostId> hosts = new LinkedHashSet<>(enrolled);
    // Those whose enrolment isn't journalled yet have nothing but their key.
    MasterObjects.hosts(vault, present.number()).stream().map(HostId::parse).forEach(hosts::add);
    long sealed = 0;
    for (HostId host : hosts) {
      if (isErased(host)) { // I4
        continue;
      }
      ObjectName object = ObjectName.of(present.hostRecovery(repository, host).name());
      Optional<byte[]> bytes = vault.find(object, KEY_BYTES_MAX);
      if (bytes.isEmpty()) {
        if (enrolled.contains(host) && !isErased(host)) {
          throw missing(host, object);
        }
        continue;
      }
      try (HostRecoveryKey key = HostRecoveryKey.open(repository, host, bytes.get(), present)) {
        put(next.hostRecovery(repository, host), key.seal(repository, next, ports.randomness()));
      }
      sealed++;
    }
    return sealed;
  }

  /** Whoever was enrolled and left a key here, in service or not. */
  private Set<HostId> enrolled() {
    return ports.look(fleet ->
        fleet.hosts().stream()
            .filter(host ->
                !host.enrolled().getRecoveryKey().isEmpty()
                    || fleet.sealedKeys(host.id()).isPresent())
            .map(EnrolledHost::id)
            .collect(Collectors.toSet()));
  }

  private boolean isErased(HostId host) {
    return ports.look(fleet -> fleet.isErased(host));
  }

  private static HoldfastException missing(HostId host, ObjectName object) {
    return new HoldfastException(
        ErrorCode.KEY_UNAVAILABLE,
        "the vault has no "
            + object
            + ", which opens the snapshots of host "
            + host
            + "; bring it back from another copy of the vault while the present master key, which"
            + " opens it, is in use, or give that host up with: holdfast host erase "
            + host
            + ". Nothing was replaced");
  }

  void put(KeyObject object, byte[] sealed) {
    KeyObjects.create(vault, object, sealed, "; the master key before is in use, try again");
  }

  /** Step 6. */
  private void finish() {
    if (!rings.isAgreed()) { // I5
      return;
    }
    try {
      takeServiceKey();
    } catch (HoldfastException e) {
      LOG.warn(
          "{} stays beside {} for now, and may be needed for a start: {}; it is tried again",
          nextServiceKey(serviceKey),
          serviceKey,
          e.getMessage());
    }
    try {
      clear();
    } catch (HoldfastException e) {
      LOG.warn(
          "the vault keeps what is under another master key for now: {}; it is tried again",
          e.getMessage());
    }
  }

  /** What {@code .next} holds is dropped only where the service key opens the present one too. */
  private void takeServiceKey() {
    Path next = nextServiceKey(serviceKey);
    if (!Files.exists(next)) {
      return;
    }
    if (opensPresent(next)) {
      try (ServiceKey key = ServiceKey.readFile(next)) {
        key.writeFile(serviceKey);
      }
    } else if (!opensPresent(serviceKey)) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "neither "
              + serviceKey
              + " nor "
              + next
              + " opens "
              + KeyObject.masterUnderService(repository, master.get().number()).name()
              + "; look why, and keep both");
    }
    try {
      Files.delete(next);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, next + " can't be deleted: " + e.getMessage() + "; delete it by hand", e);
    }
  }

  private boolean opensPresent(Path file) {
    int number = master.get().number();
    KeyObject object = KeyObject.masterUnderService(repository, number);
    Optional<byte[]> wrap = vault.find(ObjectName.of(object.name()), KEY_BYTES_MAX);
    if (wrap.isEmpty()) {
      return false;
    }
    try (ServiceKey key = ServiceKey.readFile(file)) {
      MasterKey.unwrap(repository, number, wrap.get(), key).close();
      return true;
    } catch (HoldfastException e) {
      return false;
    }
  }

  /**
   * I2: deletes what is under any master key but the one in use, rings first, and what is erased.
   * The caller has looked after I5.
   */
  private void clear() {
    int present = master.get().number();
    for (int number : KeyRingObjects.newestFirst(vault)) {
      if (number != rings.number() && !opens(number)) {
        vault.delete(ObjectName.of(KeyObject.ring(repository, number).name()));
      }
    }
    Set<HostId> enrolled = enrolled();
    int deleted = 0;
    Set<ObjectName> kept = new HashSet<>(MasterObjects.hostsOf(vault, awaited));
    for (ObjectName other : MasterObjects.of(vault, number -> number != present)) {
      if (kept.contains(other)) {
        continue;
      }
      if (isOnlyKey(other, enrolled)) { // I5
        LOG.warn(
            "{} stays: the vault has no key of that host under master key {}; an old recovery kit"
                + " may open it",
            other,
            present);
        continue;
      }
      vault.delete(other);
      deleted++;
    }
    if (deleted > 0) {
      LOG.info("{} keys under other master keys were deleted", deleted);
      for (HostId host : ports.look(fleet -> fleet.erased())) { // I4
        vault.delete(presentKey(host));
      }
    }
  }

  private ObjectName presentKey(HostId host) {
    int present = master.get().number();
    return ObjectName.of(
        (rings.current().isPrivate()
                ? KeyObject.sealedHostKeys(repository, present, host)
                : KeyObject.hostRecovery(repository, present, host))
            .name());
  }

  private boolean isOnlyKey(ObjectName other, Set<HostId> enrolled) {
    return MasterObjects.host(other)
        .map(HostId::parse)
        .filter(host -> enrolled.contains(host) && !isErased(host))
        .map(this::presentKey)
        .filter(name -> vault.size(name).isEmpty())
        .isPresent();
  }

  private boolean opens(int ring) {
    ObjectName name = ObjectName.of(KeyObject.ring(repository, ring).name());
    Optional<byte[]> sealed = vault.find(name, KEY_BYTES_MAX);
    if (sealed.isEmpty()) {
      return false;
    }
    try {
      RepositoryKeys.open(repository, ring, sealed.get(), master.get().key()).close();
      return true;
    } catch (HoldfastException e) {
      // Only what says that it is another master key's: one that is damaged stays for a look.
      return e.code() != ErrorCode.KEY_UNAVAILABLE;
    }
  }
}
