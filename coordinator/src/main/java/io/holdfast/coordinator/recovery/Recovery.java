package io.holdfast.coordinator.recovery;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.ledger.SlotJournal;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A vault opened with its recovery passphrase and nothing else. Reads only. One thread; closed by
 * who opened it, after the snapshots opened from it.
 */
public final class Recovery implements AutoCloseable {
  /** How the snapshots were found. */
  public enum Way {
    /** By the journal, whole and with every signature in order. */
    JOURNAL,
    /** By the packs' own footers: the journal is gone or damaged. */
    FOOTERS
  }

  /**
   * What to open.
   *
   * @param kit for a vault that lost its wrapped keys; also says which fleet root to trust
   * @param scratch a directory for this recovery alone, dropped at its end
   */
  public record Request(Path vault, Optional<RecoveryKit> kit, Path scratch) {}

  private final Vault vault;
  private final RecoveryKeys keys;
  private final PackReader packs;
  private final ScratchDirectory scratch;
  private final RecoveryFindings findings;
  private final MutationSealer mutations;
  private final SnapshotSource source;
  private final Way way;

  private Recovery(
      Vault vault,
      RecoveryKeys keys,
      PackReader packs,
      ScratchDirectory scratch,
      Optional<RecoveryKit> kit,
      Randomness randomness) {
    this.vault = vault;
    this.keys = keys;
    this.packs = packs;
    this.scratch = scratch;
    this.findings = new RecoveryFindings();
    this.mutations =
        new MutationSealer(vault.identity().repository(), keys.ring().journalKey(), randomness);
    Optional<RootLine> roots = roots(kit);
    Optional<JournalSource> journal = journal(roots);
    this.way = journal.isPresent() ? Way.JOURNAL : Way.FOOTERS;
    this.source = journal.isPresent() ? journal.get() : footers(roots);
  }

  /**
   * Opens the vault and finds what it holds.
   *
   * @throws HoldfastException VAULT_FOREIGN (no vault there, or not the kit's), PASSPHRASE_WRONG,
   *     KEY_UNAVAILABLE, VAULT_UNAVAILABLE, IO for the scratch directory
   */
  public static Recovery open(
      Request request, Passphrase passphrase, FileSystem fileSystem, Randomness randomness) {
    List<AutoCloseable> opened = new ArrayList<>();
    boolean done = false;
    try {
      Vault vault = keep(DirectoryVault.open(fileSystem, randomness, request.vault()), opened);
      RecoveryKeys keys = keep(RecoveryKeys.open(vault, passphrase, request.kit()), opened);
      PackReader packs = keep(new PackReader(vault), opened);
      ScratchDirectory scratch = keep(ScratchDirectory.open(request.scratch()), opened);
      Recovery recovery = new Recovery(vault, keys, packs, scratch, request.kit(), randomness);
      done = true;
      return recovery;
    } finally {
      if (!done) {
        opened.reversed().forEach(ScratchDirectory::closeQuietly);
      }
    }
  }

  private static <T extends AutoCloseable> T keep(T part, List<AutoCloseable> opened) {
    opened.add(part);
    return part;
  }

  // Opening.

  /**
   * The fleet's roots as the key ring has them, which only the passphrase opens. A kit names the
   * one that was the newest when it was printed.
   */
  private Optional<RootLine> roots(Optional<RecoveryKit> kit) {
    if (keys.ring().issuingCa().filter(ca -> !ca.chain().isEmpty()).isEmpty()) {
      return Optional.empty();
    }
    RootLine roots = RootLine.of(keys.ring());
    kit.filter(known -> !roots.contains(new Fingerprint(known.fleetRootFingerprint())))
        .ifPresent(known -> {
          throw new HoldfastException(
              ErrorCode.VAULT_FOREIGN,
              "the vault's fleet has the roots with SHA-256 "
                  + roots.roots().stream().map(Fingerprint::of).toList()
                  + ", the recovery kit says "
                  + known.fleetRootFingerprint()
                  + ": the vault isn't the one that the kit was printed for");
        });
    return Optional.of(roots);
  }

  private JournalAnchor anchor(Optional<RootLine> roots) {
    RepositoryId repository = vault.identity().repository();
    return roots
        .map(line ->
            JournalAnchor.pinned(
                repository, ByteString.copyFrom(Certificates.encode(line.first()))))
        .orElseGet(() -> new JournalAnchor(Optional.of(repository), Optional.empty()));
  }

  private Optional<JournalSource> journal(Optional<RootLine> roots) {
    try {
      JournalSource journal =
          JournalSource.open(vault, anchor(roots), scratch.directory("catalog"));
      if (journal.unreadPacks() > 0) {
        findings.add(journal.unreadPacks() + " packs are gone from the vault or damaged");
      }
      return Optional.of(journal);
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case VAULT_UNAVAILABLE, DISK_FULL, IO, BUSY -> throw e;
        default -> {
          findings.add("the journal can't be used: " + e.getMessage());
          yield Optional.empty();
        }
      };
    }
  }

  private SnapshotSource footers(Optional<RootLine> roots) {
    SlotJournal rest =
        new SlotJournal(
            new VaultJournalSlots(vault),
            new Replay(new FleetRecordVerifier()),
            anchor(roots),
            Optional.empty());
    return FooterSource.open(vault, packs, roots, rest, findings, scratch.directory("footers"));
  }

  // Asking.

  public Way way() {
    return way;
  }

  /** What of the vault could not be read, in words; the first thousand. */
  public List<String> findings() {
    return findings.kept();
  }

  /** Hands every snapshot to {@code visitor}, newest first. Keeps some 60 bytes for each. */
  public void forEach(Consumer<RecoverableSnapshot> visitor) {
    record Dated(long timeMillis, SnapshotId id) {}
    List<Dated> all = new ArrayList<>();
    source.forEachSnapshot(snapshot -> all.add(new Dated(snapshot.timeMillis(), snapshot.id())));
    all.sort(Comparator.comparingLong(Dated::timeMillis).reversed());
    all.forEach(dated -> source.find(dated.id()).map(this::recoverable).ifPresent(visitor));
  }

  private RecoverableSnapshot recoverable(StoredSnapshot stored) {
    return new RecoverableSnapshot(stored, details(stored));
  }

  private SnapshotDetails details(StoredSnapshot stored) {
    try {
      return mutations
          .open(stored.mutation())
          .map(details -> details.getSnapshot())
          .orElse(SnapshotDetails.getDefaultInstance());
    } catch (HoldfastException e) {
      findings.add("snapshot " + stored.id() + ": " + e.getMessage());
      return SnapshotDetails.getDefaultInstance();
    }
  }

  /**
   * The snapshot that people call so: an id or its beginning, {@code latest}, {@code latest:HOST},
   * {@code HOST@TIME}.
   *
   * @throws HoldfastException SNAPSHOT_NOT_FOUND, SNAPSHOT_AMBIGUOUS, INVALID_ARGUMENT
   */
  public RecoverableSnapshot find(String name) {
    SnapshotSearch search = new SnapshotSearch(SnapshotName.parse(name), this::details);
    source.forEachSnapshot(search::look);
    return recoverable(search.found(name));
  }

  /**
   * Opens a snapshot with its host's recovery key. The caller closes it before this.
   *
   * @throws HoldfastException KEY_UNAVAILABLE if the host was erased, MALFORMED
   */
  public OpenSnapshot open(RecoverableSnapshot snapshot) {
    try (RecoveryKeys.OfHost key = hostKeys(snapshot.stored())) {
      Reference root = rootOf(snapshot.stored(), key.recoveryKey());
      return new OpenSnapshot(
          new VaultContent(source, packs, new ChunkOpener(key.generations())),
          root,
          key.generations());
    }
  }

  private RecoveryKeys.OfHost hostKeys(StoredSnapshot snapshot) {
    try {
      return keys.host(snapshot.host());
    } catch (HoldfastException e) {
      throw doesNotOpen(snapshot, e);
    }
  }

  private Reference rootOf(StoredSnapshot snapshot, HostKeyPair key) {
    byte[] aad =
        SnapshotFormat.rootAad(
            vault.identity().repository(),
            snapshot.host(),
            RunId.of(snapshot.committed().getRun().toByteArray()),
            ChunkId.of(snapshot.committed().getRoot().toByteArray()));
    try (Secret k =
        SealedBox.open(
            key,
            SnapshotFormat.rootInfo(),
            aad,
            snapshot.committed().getRootForRecovery().toByteArray())) {
      return new Reference(ChunkKind.PAGE, Bytes32.of(k.toByteArray()));
    } catch (HoldfastException e) {
      throw doesNotOpen(snapshot, e);
    }
  }

  private static HoldfastException doesNotOpen(StoredSnapshot snapshot, HoldfastException e) {
    return new HoldfastException(
        e.code(),
        "snapshot "
            + snapshot.id()
            + " can't be opened with the recovery key of its host, "
            + snapshot.host()
            + ": "
            + e.getMessage()
            + "; bring that key back from another copy of the vault",
        e);
  }

  @Override
  public void close() {
    source.close();
    packs.close();
    scratch.close();
    keys.close();
    vault.close();
  }
}
