package io.holdfast.coordinator.inspect;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.Wrap;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.CheckpointMark;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.rebuild.CheckpointCheck;
import io.holdfast.coordinator.catalog.rebuild.CheckpointObjects;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.ledger.JournalCheck;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.KeyRingWritten;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads again what a rebuild, a recovery or the next start would need, and compares it with what
 * the journal says was written. Any thread; each inspection is its caller's.
 */
public final class VaultInspection {
  private static final int KEY_BYTES_MAX = 1 << 20;

  /** Older ones serve nobody: two newer ones stand before them and the journal behind them. */
  private static final int CHECKPOINTS = 2;

  private final Supplier<CatalogView> views;
  private final Vault vault;
  private final RepositoryId repository;
  private final JournalCheck journal;
  private final CheckpointCheck checkpoints;
  private final Supplier<MasterInUse.Numbered> master;

  /**
   * Looks at nothing yet.
   *
   * @param master the one in use, which opens the hosts' recovery keys; stays the caller's
   */
  public VaultInspection(
      Supplier<CatalogView> views,
      Vault vault,
      JournalSlots slots,
      JournalAnchor anchor,
      CheckpointObjects checkpoints,
      Supplier<MasterInUse.Numbered> master) {
    this.views = views;
    this.vault = vault;
    this.repository = vault.identity().repository();
    this.journal = new JournalCheck(slots, new Replay(new FleetRecordVerifier()), anchor);
    this.checkpoints = new CheckpointCheck(checkpoints);
    this.master = master;
  }

  /** Everything that is wrong, each naming its object; empty if all is as it was written. */
  public List<HoldfastException> faults() {
    List<HoldfastException> faults = new ArrayList<>();
    try (CatalogView view = views.get()) {
      attempt(faults, () -> journal.requireWhole(head(view)));
      List<CheckpointMark> marks = view.checkpoints();
      for (CheckpointMark mark :
          marks.subList(Math.max(0, marks.size() - CHECKPOINTS), marks.size())) {
        attempt(faults, () -> checkpoints.requireWhole(mark));
      }
      int number = master.get().number();
      attempt(faults, () -> requireSound(KeyObject.masterUnderPassphrase(repository, number)));
      attempt(faults, () -> requireSound(KeyObject.masterUnderService(repository, number)));
      attempt(faults, () -> requireRing(view));
      if (view.repository().isPrivate()) {
        attempt(faults, () -> requireSound(KeyObject.recoveryUnderPassphrase(repository, number)));
      }
      for (EnrolledHost host : view.fleet().hosts()) {
        attempt(faults, () -> requireRecoveryKey(host, view));
      }
    }
    return faults;
  }

  private static void attempt(List<HoldfastException> faults, Runnable look) {
    try {
      look.run();
    } catch (HoldfastException e) {
      faults.add(e);
    }
  }

  private static CatalogHead head(CatalogView view) {
    return view.head()
        .orElseThrow(() ->
            new HoldfastException(ErrorCode.CATALOG_DAMAGED, "the catalog has no last record"));
  }

  private void requireSound(KeyObject object) {
    Wrap.requireSound(object, read(object));
  }

  private void requireRing(CatalogView view) {
    KeyRingWritten written =
        view.keyRing()
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.CATALOG_DAMAGED, "no record of the journal names a key ring"));
    KeyObject ring = new KeyObject(repository, written.getObject());
    byte[] bytes = read(ring);
    Wrap.requireSound(ring, bytes);
    if (!Bytes32.of(written.getSha256().toByteArray()).equals(Digests.sha256(bytes))) {
      throw replaced(ring.name(), "it is another ring than the journal says was written");
    }
  }

  private void requireRecoveryKey(EnrolledHost enrolled, CatalogView view) {
    HostId host = enrolled.id();
    MasterInUse.Numbered present = master.get();
    KeyObject object =
        view.repository().isPrivate()
            ? KeyObject.sealedHostKeys(repository, present.number(), host)
            : present.hostRecovery(repository, host);
    if (view.fleet().isErased(host)) {
      requireDestroyed(object);
    } else if (view.repository().isPrivate()) {
      if (view.fleet().sealedKeys(host).isPresent()) {
        requireSealed(object, view.fleet().sealedObject(host, present.number()));
      }
    } else if (!enrolled.enrolled().getRecoveryKey().isEmpty()) {
      requireOpens(enrolled, object);
    }
  }

  /** Nobody here can say more of it. */
  private void requireSealed(KeyObject object, Optional<Bytes32> sealed) {
    byte[] bytes = read(object);
    PrivateHostKeys.requireSound(object, bytes);
    if (!sealed.equals(Optional.of(Digests.sha256(bytes)))) {
      throw replaced(object.name(), "it holds other keys than the journal says");
    }
  }

  private void requireOpens(EnrolledHost enrolled, KeyObject object) {
    HostId host = enrolled.id();
    try (HostRecoveryKey key = HostRecoveryKey.open(repository, host, read(object), master.get())) {
      HostKeyPair pair = key.keyPair();
      if (!pair.publicKey()
          .equals(Bytes32.of(enrolled.enrolled().getRecoveryKey().toByteArray()))) {
        throw replaced(object.name(), "it is another key than the host was enrolled with");
      }
    }
  }

  private void requireDestroyed(KeyObject object) {
    if (vault.size(ObjectName.of(object.name())).isPresent()) {
      throw new HoldfastException(
          ErrorCode.OBJECT_EXISTS,
          object.name()
              + " is there, though its host was erased for good: somebody brought it back, or the"
              + " vault doesn't delete; delete it by hand where the vault lies");
    }
  }

  private byte[] read(KeyObject object) {
    Optional<byte[]> bytes = vault.find(ObjectName.of(object.name()), KEY_BYTES_MAX);
    return bytes.orElseThrow(() ->
        new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "the vault has no "
                + object.name()
                + " any more; bring it back from another copy of the vault"));
  }

  private static HoldfastException replaced(String object, String why) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        object + " was replaced: " + why + "; bring it back from another copy of the vault");
  }
}
