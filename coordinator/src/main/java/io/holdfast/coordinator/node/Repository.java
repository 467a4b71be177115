package io.holdfast.coordinator.node;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.OpenSession;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.CatalogParts;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.journal.FleetRecordSigner;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.HeadMemory;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.leadership.FileLockHint;
import io.holdfast.coordinator.leadership.Leadership;
import io.holdfast.coordinator.leadership.LeadershipPace;
import io.holdfast.coordinator.leadership.LeadershipState;
import io.holdfast.coordinator.leadership.LeadershipThread;
import io.holdfast.coordinator.ledger.JournalReplay;
import io.holdfast.coordinator.ledger.Ledger;
import io.holdfast.coordinator.ledger.VaultCheckpoints;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.RetryingVault;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.coordinator.vault.VaultSelfTest;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.wire.v1.Authority;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The lower half of a coordinator: vault, keys, journal and catalog of its repository, with this
 * coordinator leading. Opened and closed by the node.
 */
final class Repository implements AutoCloseable {
  private static final Duration LEAD_WITHIN = Duration.ofSeconds(60);
  private static final Duration FREE_WITHIN = Duration.ofSeconds(15);
  private static final int OPEN_FILES = 512;
  private static final int BACKGROUND_JOBS = 2;
  private static final int READ_ATTEMPTS = 3;
  private static final Duration READ_PAUSE = Duration.ofMillis(100);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final StartedParts parts = new StartedParts();
  private final Time time;
  private final Randomness randomness;
  final DirectoryVault vault;

  /** The same for whoever only reads packs and catalogs: a fault that passes isn't one. */
  final Vault reads;

  final RepositoryUnlock unlock;
  final MasterInUse master;

  /** The CA that issued when this was opened: the fleet is the same for ever. */
  final IssuingAuthority issuing;

  /** The fleet's roots as the key ring knew them when this was opened. */
  final RootLine line;

  final CoordinatorIdentity identity;
  final JournalSlots slots;
  final Footers footers;
  final StoreFactory stores;
  final CatalogOpener opener;
  final Ledger ledger;
  final Leadership leadership;
  final MutationSealer mutations;

  private Repository(
      CoordinatorConfig config, FileSystem fileSystem, Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
    boolean opened = false;
    try {
      CoordinatorFiles files = new CoordinatorFiles(config.dataDir());
      vault = parts.add(DirectoryVault.open(fileSystem, randomness, config.vault().directory()));
      unlock = parts.add(RepositoryUnlock.byService(vault, config.serviceKeyFile()));
      master = parts.add(new MasterInUse(unlock.master(), unlock.masterNumber()));
      issuing =
          IssuingAuthority.of(CertifiedKey.of(unlock.issuingCa(), randomness), time, randomness);
      line = unlock.roots();
      identity =
          CoordinatorIdentity.open(files, config.certificates(), issuing, line, time, randomness);
      new VaultSelfTest(List.of(vault), ObjectPrefix.of("selftest/"), randomness, time).quick();
      slots = new VaultJournalSlots(vault);
      reads = new RetryingVault(vault, time, READ_ATTEMPTS, READ_PAUSE);
      footers = new Footers(reads);
      stores = stores(config);
      opener = opener(files, reads, footers, stores);
      JournalAnchor anchor = anchor();
      Replay replay = new Replay(new FleetRecordVerifier());
      ledger = parts.add(Ledger.open(opener, slots, replay, anchor));
      leadership = leadership(config, files, fileSystem, randomness);
      parts.add(LeadershipThread.start(leadership));
      mutations =
          new MutationSealer(vault.identity().repository(), unlock.keys().journalKey(), randomness);
      opened = true;
    } finally {
      if (!opened) {
        parts.close();
      }
    }
  }

  /**
   * Opens everything and leads. {@code onBroken} is told when this process can't go on: a vault
   * that must be opened anew after a failed sync, or a rival on it. Errors say what an operator can
   * do.
   */
  static Repository lead(
      CoordinatorConfig config,
      FileSystem fileSystem,
      Time time,
      Randomness randomness,
      Consumer<HoldfastException> onBroken)
      throws InterruptedException {
    Repository repository = new Repository(config, fileSystem, time, randomness);
    repository.watch(onBroken);
    boolean leads = false;
    try {
      repository.awaitLeading();
      repository.closeLeftSessions();
      leads = true;
      return repository;
    } finally {
      if (!leads) {
        repository.close();
      }
    }
  }

  /** Stores within the configured ceilings. */
  static StoreFactory stores(CoordinatorConfig config) {
    return StoreFactory.rocks(
        new RocksConfig(
            config.catalog().blockCache().bytes(),
            config.catalog().writeBuffers().bytes(),
            OPEN_FILES,
            BACKGROUND_JOBS));
  }

  /** Opens catalogs of the repository in {@code vault}. */
  static CatalogOpener opener(
      CoordinatorFiles files, Vault vault, Footers footers, StoreFactory stores) {
    return new CatalogOpener(
        files.catalog(),
        new CatalogParts(stores, footers, new VaultCheckpoints(vault), CatalogConfig.defaults()));
  }

  /** What the journal must begin with: this repository, under the fleet's first root. */
  JournalAnchor anchor() {
    return JournalAnchor.pinned(
        vault.identity().repository(), ByteString.copyFrom(Certificates.encode(line.first())));
  }

  private Leadership leadership(
      CoordinatorConfig config,
      CoordinatorFiles files,
      FileSystem fileSystem,
      Randomness randomness) {
    JournalPorts ports =
        new JournalPorts(
            slots,
            FleetRecordSigner.of(identity.journal(), line, randomness),
            new FleetRecordVerifier(),
            ledger,
            time,
            randomness);
    return new Leadership(
        ports,
        ledger.start(),
        HeadMemory.open(fileSystem, files.journalHead(), time),
        new FileLockHint(fileSystem, config.vault().directory().resolve("leader.lock")),
        LeadershipPace.standard());
  }

  private void watch(Consumer<HoldfastException> onBroken) {
    vault.onFailedSync(onBroken);
    leadership.onOutvoted(cause -> {
      leadership.contendNoMore(); // its lock may hold still where the vault's directory was swapped
      onBroken.accept(
          new HoldfastException(
              ErrorCode.FENCED,
              "another coordinator writes to the journal of this vault, and this one ends: "
                  + cause.getMessage()
                  + "; only one coordinator may run on a vault, stop the other one",
              cause));
    });
  }

  private void awaitLeading() throws InterruptedException {
    long since = time.nanos();
    while (!(leadership.state() instanceof LeadershipState.Leading)) {
      if (leadership.state() instanceof LeadershipState.Blocked(HoldfastException cause)) {
        throw new HoldfastException(cause.code(), cause.getMessage(), cause);
      }
      boolean keptOut = leadership.isKeptOut();
      Duration patience = keptOut ? FREE_WITHIN : LEAD_WITHIN;
      if (time.nanos() - since > patience.toNanos()) {
        throw keptOut
            ? new HoldfastException(
                ErrorCode.LEADERSHIP_HELD,
                "another coordinator leads this vault's repository; stop it first")
            : new HoldfastException(
                ErrorCode.VAULT_UNAVAILABLE,
                "the journal did not take this coordinator's first record within "
                    + LEAD_WITHIN.toSeconds()
                    + " s; check the vault's disk, mount or network");
      }
      time.sleep(LOOK_EVERY);
    }
  }

  /** Sessions that an earlier process left open are over: their streams went with it. */
  private void closeLeftSessions() throws InterruptedException {
    List<OpenSession> left;
    try (CatalogView view = ledger.view()) {
      left = view.fleet().sessions();
    }
    if (left.isEmpty()) {
      return;
    }
    List<Mutation> closed =
        left.stream()
            .map(session ->
                MutationSealer.clear(
                    Change.newBuilder()
                        .setSessionClosed(
                            SessionClosed.newBuilder()
                                .setSession(ByteString.copyFrom(session.id().toByteArray())))
                        .build()))
            .toList();
    JournalAppender journal = leadership::append;
    journal.appendNow(closed);
  }

  /** The journal, read again for whoever verifies a checkpoint. */
  JournalReplay journalReplay() {
    return new JournalReplay(slots, new Replay(new FleetRecordVerifier()), anchor());
  }

  /** These are the fleet's roots from now on, and those of them that are believed. */
  void believe(RootLine all, RootLine believed) {
    identity.believe(all, believed);
  }

  /** Another CA issues from now on, this coordinator's own certificates first. */
  void issueBy(IssuingAuthority next) {
    identity.issueBy(next);
    renewCertificates();
  }

  /** Renews this coordinator's certificates; a new key for the journal begins a new term. */
  void renewCertificates() {
    identity.renewTlsIfDue();
    identity
        .renewJournalIfDue()
        .ifPresent(renewed ->
            leadership.renewSigner(FleetRecordSigner.of(renewed, identity.line(), randomness)));
  }

  /** In whose name this coordinator speaks; NOT_LEADER when it doesn't lead. */
  Authority authority() {
    if (!(leadership.state() instanceof LeadershipState.Leading(var authority))) {
      throw new HoldfastException(
          ErrorCode.NOT_LEADER, "this coordinator doesn't lead just now; try again");
    }
    Authority.Builder wire =
        Authority.newBuilder()
            .setSiteEpochNumber(authority.epoch().number())
            .setSiteEpochId(ByteString.copyFrom(authority.epoch().id().toByteArray()))
            .setIncarnation(ByteString.copyFrom(authority.incarnation().toByteArray()))
            .setTerm(authority.term());
    CatalogHead head = ledger.opened().catalog().head().orElseThrow();
    return wire.setSeq(head.seq())
        .setRecordHash(ByteString.copyFrom(head.hash().toByteArray()))
        .build();
  }

  /** Why the journal can't be followed or led, if it can't. */
  Optional<HoldfastException> blocked() {
    return leadership.state() instanceof LeadershipState.Blocked(HoldfastException why)
        ? Optional.of(why)
        : Optional.empty();
  }

  /** Of this coordinator's leadership; 0 while it doesn't lead. */
  long term() {
    return leadership.state() instanceof LeadershipState.Leading(var authority)
        ? authority.term()
        : 0;
  }

  @Override
  public void close() {
    parts.close();
  }
}
