package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.IssuingCaKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.KeyRingWritten;
import io.holdfast.proto.stored.v1.MasterReplaced;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repository's key ring while a coordinator runs, and how its next version comes about. Any
 * thread.
 *
 * <ol>
 *   <li>I1: a version is an object of the vault first, then a record of the journal, and only then
 *       in use: whoever uses it finds it again after a loss.
 *   <li>I2: a version holds all that the one before held, but for the issuing CA, and the recovery
 *       key of a private repository, that another one replaces: what was sealed is opened for ever.
 *   <li>I3: a version that was written and not journalled, because its coordinator ended in
 *       between, is journalled by the next one; none is written over.
 *   <li>I4: nothing is changed or sealed while the journal may name another version, or another
 *       master key, than those in use here: that is for the next start to find out.
 * </ol>
 */
public final class KeyRings {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRings.class);
  private static final int RING_BYTES_MAX = 1 << 20;

  /** Errors of an append that say that there is no record, nor will be. */
  private static final Set<ErrorCode> NOT_APPENDED =
      Set.of(
          ErrorCode.VAULT_FULL,
          ErrorCode.NOT_LEADER,
          ErrorCode.MESSAGE_TOO_LARGE,
          ErrorCode.INVALID_ARGUMENT);

  /** What a version is made of. */
  private record Version(RepositoryKeys keys, int number, List<ChunkKeys> generations) {
    static Version of(RepositoryKeys keys, int number) {
      return new Version(
          keys,
          number,
          keys.isPrivate() ? List.of() : ChunkKeys.allOf(keys.repository(), keys.generations()));
    }
  }

  private final FleetPorts ports;
  private final Vault vault;
  private final MasterInUse master;
  private final Audits audits;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Version current;
  private volatile Consumer<HoldfastException> doubt = why -> {};

  /**
   * Begins with version {@code number}, as it was opened.
   *
   * @param master stays the caller's, as {@code keys} does
   */
  public KeyRings(
      FleetPorts ports, Vault vault, MasterInUse master, RepositoryKeys keys, int number) {
    this.ports = ports;
    this.vault = vault;
    this.master = master;
    this.audits = new Audits(ports.mutations());
    this.current = Version.of(keys, number);
  }

  /** Who is told, once, that this process can't go on, as nobody knows which keys are in use. */
  public void onDoubt(Consumer<HoldfastException> listener) {
    doubt = listener;
  }

  /** The version in use; stays owned by this object. */
  public RepositoryKeys current() {
    return current.keys();
  }

  /** Number of the version in use. */
  public int number() {
    return current.number();
  }

  /** What opens chunks, of whichever generation; derived once a version. None if private. */
  public ChunkGenerations generations() {
    return () -> current.generations();
  }

  /** The generation that hosts seal under; 0 in a private repository, where they have their own. */
  public int generation() {
    return current.keys().isPrivate() ? 0 : current.keys().generations().current().number();
  }

  /**
   * Holds the version in use against the journal: one that it doesn't name yet is journalled now.
   * KEY_UNAVAILABLE if the journal names a newer one than the vault gave, or says that the
   * repository is of another mode; errors of the journal.
   */
  public void settle() throws InterruptedException {
    changing.lockInterruptibly();
    try {
      requireMode();
      requireMaster();
      int journalled = journalled();
      if (journalled > current.number()) {
        throw new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "the journal names "
                + name(journalled)
                + " as the key ring in use, and the newest one that opens here is "
                + name(current.number())
                + ": bring the newer one back from another copy of the vault");
      }
      List<Mutation> missing = missingRoots();
      if (master.get().number() > journalledMaster()) {
        missing.add(replaced(master.get().number()));
      }
      if (journalled < current.number() || !missing.isEmpty()) {
        LOG.info("{} was written and not journalled: that is done now", name(current.number()));
        journal(
            name(current.number()),
            read(current.number()),
            "this coordinator",
            "its change was interrupted",
            missing);
      }
    } finally {
      changing.unlock();
    }
  }

  private void requireMode() {
    try (CatalogView view = ports.views().get()) {
      if (view.repository().isPrivate() != current.keys().isPrivate()) {
        throw new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            name(current.number())
                + " is a "
                + (current.keys().isPrivate() ? "private" : "shared")
                + " repository's and the journal begins as the other kind: bring the ring that"
                + " belongs to this journal back from another copy of the vault");
      }
    }
  }

  /**
   * What introduces the roots that the ring holds and the journal doesn't know: one, if a change
   * was interrupted; more only after a rollback.
   */
  private List<Mutation> missingRoots() {
    List<Mutation> missing = new ArrayList<>();
    if (current.keys().roots().isEmpty()) {
      return missing; // there was never but one
    }
    RootLine line = RootLine.of(current.keys());
    int known = line.roots().indexOf(FleetRoots.newest(ports)) + 1;
    if (known == 0) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the newest fleet root of the journal is none of those in "
              + name(current.number())
              + ": bring the ring that holds it back from another copy of the vault");
    }
    for (int at = known; at < line.roots().size(); at++) {
      if (at > 1) {
        missing.add(FleetRoots.retired(line.roots().get(at - 2)));
      }
      missing.add(FleetRoots.introduced(line.steps().get(at)));
    }
    return missing;
  }

  private void requireMaster() {
    if (journalledMaster() > master.get().number()) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the journal names master key "
              + journalledMaster()
              + " as the one in use, and the newest one that opens here is "
              + master.get().number()
              + ": bring the newer keys back from another copy of the vault, or by `holdfast key"
              + " import` with the kit that was printed last");
    }
  }

  /**
   * Throws unless the journal names what is in use here (I4): KEY_UNAVAILABLE, or why that isn't
   * known.
   */
  void requireAgreement() {
    var _ = master.toSeal();
    if (!agrees()) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          name(current.number())
              + " and master key "
              + master.get().number()
              + " are in use here, and the journal names "
              + name(journalled())
              + ", master key "
              + journalledMaster()
              + ", or another fleet root: restart this coordinator, which settles it");
    }
  }

  /** Whether the journal names what is in use here, and nothing is in doubt. */
  boolean isAgreed() {
    return master.frozen().isEmpty() && agrees();
  }

  private boolean agrees() {
    return journalled() == current.number()
        && journalledMaster() == master.get().number()
        && (current.keys().roots().isEmpty()
            || RootLine.of(current.keys()).newest().equals(FleetRoots.newest(ports)));
  }

  /** Number of the master key that the journal names. */
  int journalledMaster() {
    try (CatalogView view = ports.views().get()) {
      return view.masterNumber();
    }
  }

  private static Mutation replaced(int number) {
    MasterReplaced replaced = MasterReplaced.newBuilder().setNumber(number).build();
    return MutationSealer.clear(Change.newBuilder().setMasterReplaced(replaced).build());
  }

  private int journalled() {
    try (CatalogView view = ports.views().get()) {
      return view.keyRing()
          .map(written -> written.getObject().replaceFirst("^keys/ring\\.", ""))
          .map(Integer::parseInt)
          .orElse(0);
    }
  }

  /**
   * Adds a generation, under which hosts seal from now on, and answers its number. Errors of the
   * vault and of the journal; repeating it after one of them is right. VAULT_OUTCOME_UNKNOWN if
   * nobody knows whether the journal has it: then this process ends, and the next start goes on
   * with what the vault has. KEY_UNAVAILABLE in a private repository, and while I4 forbids it.
   */
  public int rotateIds(String actor) throws InterruptedException {
    if (current.keys().isPrivate()) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "repository "
              + ports.repository()
              + " is private: the keys of chunks are made and kept by each host; name the one that"
              + " is to make new ones, by: holdfast key rotate ids HOST");
    }
    change(
        ring -> ring.withNextGeneration(ports.randomness()),
        actor,
        "a new generation of the keys of chunks");
    return generation();
  }

  /** Puts another issuing CA into the ring. Errors as {@link #rotateIds}. */
  void replaceIssuingCa(IssuingCaKey key, String actor) throws InterruptedException {
    change(ring -> ring.withIssuingCa(key), actor, "another issuing CA");
  }

  /**
   * Puts the newest root of {@code line} into the ring, with an issuing CA under it and what {@code
   * with} changes, and introduces it in the same record. Errors as {@link #rotateIds}.
   */
  void introduceRoot(
      RootLine line, IssuingCaKey key, UnaryOperator<RepositoryKeys> with, String actor)
      throws InterruptedException {
    change(
        ring -> with.apply(ring.withRoots(line.encode(), key)),
        actor,
        "another fleet root, SHA-256 " + Fingerprint.of(line.newest()),
        List.of(FleetRoots.introduced(line.steps().getLast())));
  }

  /**
   * Seals the ring under {@code next}, as {@code ring} changes it, and is in use when this returns.
   * What else rests under the master key is sealed under it already. Errors as {@link #rotateIds};
   * after VAULT_OUTCOME_UNKNOWN the next start may find {@code next} in use, after any other the
   * ring isn't there.
   */
  void replaceMaster(MasterInUse.Numbered next, UnaryOperator<RepositoryKeys> ring, String actor)
      throws InterruptedException {
    change(
        ring,
        next,
        actor,
        "another master key, number " + next.number(),
        List.of(replaced(next.number())));
    master.replace(next);
  }

  private void change(UnaryOperator<RepositoryKeys> next, String actor, String what)
      throws InterruptedException {
    change(next, actor, what, List.of());
  }

  private void change(
      UnaryOperator<RepositoryKeys> next, String actor, String what, List<Mutation> with)
      throws InterruptedException {
    master.use().lock();
    try {
      change(next, master.toSeal(), actor, what, with);
    } finally {
      master.use().unlock();
    }
  }

  private void change(
      UnaryOperator<RepositoryKeys> next,
      MasterInUse.Numbered under,
      String actor,
      String what,
      List<Mutation> with)
      throws InterruptedException {
    changing.lockInterruptibly();
    try {
      requireAgreement(); // I4
      RepositoryKeys ring = next.apply(current.keys());
      int number = freeNumber();
      KeyObject object = KeyObject.ring(ring.repository(), number);
      byte[] sealed = ring.seal(under.key(), number, ports.randomness());
      put(object, sealed, under);
      try {
        journal(object.name(), sealed, actor, what, with); // I1
      } catch (HoldfastException e) {
        throw notJournalled(object, under, e);
      } catch (InterruptedException | RuntimeException e) { // what was appended is under way
        var _ = inDoubt(object, e);
        throw e;
      }
      current = Version.of(ring, number);
      LOG.info("{} is in use: {}", object.name(), what);
    } finally {
      changing.unlock();
    }
  }

  /** One that an earlier try left is passed over: nothing was sealed under it. */
  private int freeNumber() {
    int number = current.number() + 1;
    while (vault.size(ObjectName.of(name(number))).isPresent()) {
      number++;
    }
    return number;
  }

  private void put(KeyObject object, byte[] sealed, MasterInUse.Numbered under) {
    CreateOutcome outcome = vault.create(ObjectName.of(object.name()), ByteBuffer.wrap(sealed));
    switch (outcome) {
      case CreateOutcome.Created(long _) -> {}
      case CreateOutcome.Exists() ->
          throw new HoldfastException(
              ErrorCode.OBJECT_EXISTS,
              "somebody else wrote " + object.name() + " just now; nothing has changed, try again");
      case CreateOutcome.Unknown(HoldfastException cause, boolean _) -> {
        if (isNew(under)) {
          throw inDoubt(object, cause);
        }
        throw new HoldfastException(
            ErrorCode.VAULT_UNAVAILABLE,
            "the vault did not clearly take "
                + object.name()
                + ": the version before is in use, unless the next start finds the new one there;"
                + " try again",
            cause);
      }
    }
  }

  private boolean isNew(MasterInUse.Numbered under) {
    return under.number() != master.get().number();
  }

  /**
   * What is said after an append failed. A version under the same master key may stay: it holds all
   * that the one in use does, and the next start may take it up. One under another master key would
   * make that start forget what is sealed under the present one until then.
   */
  private HoldfastException notJournalled(
      KeyObject object, MasterInUse.Numbered under, HoldfastException cause) {
    if (!NOT_APPENDED.contains(cause.code())) {
      return inDoubt(object, cause);
    }
    if (isNew(under)) {
      try {
        vault.delete(ObjectName.of(object.name()));
      } catch (HoldfastException e) {
        return inDoubt(object, e);
      }
    }
    return cause;
  }

  /** I4. */
  private HoldfastException inDoubt(KeyObject object, Exception cause) {
    HoldfastException why =
        new HoldfastException(
            ErrorCode.VAULT_OUTCOME_UNKNOWN,
            "nobody knows here whether "
                + object.name()
                + " is in use ("
                + cause.getMessage()
                + "): this coordinator ends; start it again, and it goes on with what the vault"
                + " has",
            cause);
    master.freeze(why);
    doubt.accept(why);
    return why;
  }

  private byte[] read(int number) {
    return vault.read(ObjectName.of(name(number)), RING_BYTES_MAX);
  }

  private void journal(String object, byte[] sealed, String actor, String text, List<Mutation> with)
      throws InterruptedException {
    KeyRingWritten written =
        KeyRingWritten.newBuilder()
            .setObject(object)
            .setSha256(ByteString.copyFrom(Digests.sha256(sealed).toByteArray()))
            .build();
    Mutation mutation =
        MutationSealer.clear(Change.newBuilder().setKeyRingWritten(written).build());
    Mutation audit = audits.of(actor, "key_rotate", Optional.empty(), object + ": " + text);
    ports.append(
        Stream.of(List.of(mutation), with, List.of(audit))
            .flatMap(List::stream)
            .toArray(Mutation[]::new));
  }

  private String name(int number) {
    return KeyObject.ring(ports.repository(), number).name();
  }
}
