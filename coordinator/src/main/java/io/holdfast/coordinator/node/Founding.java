package io.holdfast.coordinator.node;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SiteId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.journal.FleetRecordSigner;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.JournalFounding;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.RecordConsumer;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.journal.Verdict;
import io.holdfast.coordinator.key.KeyObjects;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.RaceSize;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.coordinator.vault.VaultSelfTest;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.KeyRingWritten;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes a fleet with one site and one repository: root and issuing CA, keys, vault, this
 * coordinator's identity and the journal's first record, which comes last and makes it count. One
 * thread, once.
 */
public final class Founding {
  private static final int FIRST = 1;

  private final CoordinatorConfig config;
  private final FileSystem fileSystem;
  private final Time time;
  private final Randomness randomness;
  private final CoordinatorFiles files;

  public Founding(CoordinatorConfig config, Time time, Randomness randomness) {
    this(config, FileSystem.local(), time, randomness);
  }

  /** For a vault on {@code fileSystem}. */
  public Founding(
      CoordinatorConfig config, FileSystem fileSystem, Time time, Randomness randomness) {
    this.config = config;
    this.fileSystem = fileSystem;
    this.time = time;
    this.randomness = randomness;
    this.files = new CoordinatorFiles(config.dataDir());
  }

  /**
   * What was made.
   *
   * @param kit file with the recovery kit
   */
  public record Made(Fingerprint root, RepositoryId repository, Path kit) {}

  /**
   * Makes it all. OBJECT_EXISTS or VAULT_FOREIGN if something is there already, VAULT_UNSUITABLE if
   * the vault fails its self-test; nothing that exists is changed.
   */
  public Made make(Passphrase passphrase) {
    return make(passphrase, RepositoryMode.REPOSITORY_MODE_SHARED);
  }

  /** As {@link #make(Passphrase)}, of a repository of that mode, which it keeps for ever. */
  public Made make(Passphrase passphrase, RepositoryMode mode) {
    files.requireNew();
    files.create();
    RepositoryId repository = RepositoryId.of(randomness.bytes(16));
    FleetAuthority fleet =
        FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
    IssuingAuthority issuing = fleet.issuingAuthority("main");
    try (Vault vault = newVault(repository);
        Vault second = DirectoryVault.open(fileSystem, randomness, vaultRoot(), repository);
        MasterKey master = MasterKey.generate(randomness);
        HostKeyPair recovery = HostKeyPair.generate(randomness);
        RepositoryKeys keys =
            keys(repository, mode, recovery, fleet).withIssuingCa(issuing.key().toIssuingCaKey());
        ServiceKey service = ServiceKey.generate(randomness)) {
      new VaultSelfTest(List.of(vault, second), ObjectPrefix.of("selftest/"), randomness, time)
          .full(RaceSize.DEFAULT);
      byte[] wrapped = master.wrap(repository, FIRST, passphrase, Argon2Cost.DEFAULT, randomness);
      put(vault, KeyObject.masterUnderPassphrase(repository, FIRST), wrapped);
      put(
          vault,
          KeyObject.masterUnderService(repository, FIRST),
          master.wrap(repository, FIRST, service, randomness));
      Optional<byte[]> wrappedRecovery =
          keys.isPrivate()
              ? Optional.of(putRecovery(vault, recovery, passphrase))
              : Optional.empty();
      byte[] ring = keys.seal(master, FIRST, randomness);
      put(vault, KeyObject.ring(repository, FIRST), ring);
      service.writeFile(config.serviceKeyFile());
      RecoveryKit kit =
          new RecoveryKit(
              repository,
              Fingerprint.of(fleet.certificate()).value(),
              FIRST,
              wrapped,
              wrappedRecovery);
      SecretFile.write(files.recoveryKit(), kit.print().getBytes(StandardCharsets.UTF_8));
      PemFiles.writeCredential(files.fleetRoot(), fleet.key());
      begin(vault, fleet, issuing, mode, ring);
      return new Made(fleet.fingerprint(), repository, files.recoveryKit());
    }
  }

  private RepositoryKeys keys(
      RepositoryId repository, RepositoryMode mode, HostKeyPair recovery, FleetAuthority fleet) {
    return switch (mode) {
      case REPOSITORY_MODE_SHARED -> RepositoryKeys.generate(repository, randomness);
      case REPOSITORY_MODE_PRIVATE ->
          RepositoryKeys.generatePrivate(
              repository,
              PrivateRepository.certify(repository, recovery.publicKey(), fleet.key(), randomness),
              randomness);
      case REPOSITORY_MODE_UNSPECIFIED, UNRECOGNIZED ->
          throw new HoldfastException(
              ErrorCode.INVALID_ARGUMENT, "a repository is either shared or private");
    };
  }

  /** Under the passphrase alone: the service's key file must not open it. */
  private byte[] putRecovery(Vault vault, HostKeyPair recovery, Passphrase passphrase) {
    RepositoryId repository = vault.identity().repository();
    byte[] wrapped =
        RepositoryRecovery.wrap(repository, recovery, passphrase, Argon2Cost.DEFAULT, randomness);
    put(vault, KeyObject.recoveryUnderPassphrase(repository), wrapped);
    return wrapped;
  }

  private Path vaultRoot() {
    return config.vault().directory();
  }

  private Vault newVault(RepositoryId repository) {
    try {
      return DirectoryVault.create(fileSystem, randomness, vaultRoot(), repository);
    } catch (HoldfastException e) {
      throw e.code() == ErrorCode.OBJECT_EXISTS && isUnfinished() ? unfinished(e) : e;
    }
  }

  /** The journal is what a founding makes last. */
  private boolean isUnfinished() {
    try (Vault found = DirectoryVault.open(fileSystem, randomness, vaultRoot())) {
      return new VaultJournalSlots(found).highestListed(0) == 0;
    }
  }

  private HoldfastException unfinished(HoldfastException cause) {
    return new HoldfastException(
        ErrorCode.OBJECT_EXISTS,
        vaultRoot()
            + " holds a vault that was begun and never finished: it has no journal, and no backup."
            + " Empty that directory, or choose another place.",
        cause);
  }

  private void begin(
      Vault vault,
      FleetAuthority fleet,
      IssuingAuthority issuing,
      RepositoryMode mode,
      byte[] ring) {
    CertifiedKey certified =
        new FirstCredentials(issuing, config.certificates(), randomness).write(files);
    JournalPorts ports =
        new JournalPorts(
            new VaultJournalSlots(vault),
            FleetRecordSigner.of(certified, randomness),
            new FleetRecordVerifier(),
            new NoConsumer(),
            time,
            randomness);
    new JournalFounding(ports)
        .create(
            new JournalFounding.Charter(
                vault.identity().repository(),
                fleet.fleet(),
                SiteId.of(randomness.bytes(16)),
                mode,
                ByteString.copyFrom(Certificates.encode(fleet.certificate()))),
            List.of(ringWritten(vault.identity().repository(), ring)));
  }

  private static Mutation ringWritten(RepositoryId repository, byte[] ring) {
    return MutationSealer.clear(
        Change.newBuilder()
            .setKeyRingWritten(
                KeyRingWritten.newBuilder()
                    .setObject(KeyObject.ring(repository, FIRST).name())
                    .setSha256(ByteString.copyFrom(Digests.sha256(ring).toByteArray())))
            .build());
  }

  private static void put(Vault vault, KeyObject object, byte[] bytes) {
    KeyObjects.create(vault, object, bytes, "; empty its directory and try again");
  }

  /** Nobody stands on the journal yet. */
  private static final class NoConsumer implements RecordConsumer {
    @Override
    public void apply(Verdict.Valid valid) {}

    @Override
    public JournalState rewind(long lastValidSeq) {
      throw new IllegalStateException("a new journal has nothing to go back to");
    }
  }
}
