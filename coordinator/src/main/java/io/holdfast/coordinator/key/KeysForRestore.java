package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import java.util.Optional;

/**
 * What whoever has the recovery passphrase of a private repository needs to let one host read
 * another's snapshot: the keys that the other host sealed, and the reader's public key. Opens
 * nothing. Any thread.
 */
public final class KeysForRestore {
  private final FleetPorts ports;
  private final Vault vault;
  private final Audits audits;

  public KeysForRestore(FleetPorts ports, Vault vault) {
    this.ports = ports;
    this.vault = vault;
    this.audits = new Audits(ports.mutations());
  }

  /**
   * The keys that open {@code snapshot}, still sealed, for {@code reader}; audited.
   * INVALID_ARGUMENT in a shared repository, HOST_ERASED, KEY_UNAVAILABLE if the vault lost them.
   */
  public FetchSealedKeysAnswer fetch(StoredSnapshot snapshot, NamedHost reader, String actor)
      throws InterruptedException {
    SnapshotCommitted committed = snapshot.committed();
    EnrolledHost enrolled = reader(snapshot, reader);
    int number = masterNumber();
    FetchSealedKeysAnswer answer =
        FetchSealedKeysAnswer.newBuilder()
            .setRepository(ByteString.copyFrom(ports.repository().toByteArray()))
            .setSnapshot(committed.getSnapshot())
            .setHost(committed.getHost())
            .setRun(committed.getRun())
            .setRoot(committed.getRoot())
            .setRootForRecovery(committed.getRootForRecovery())
            .setHostKeys(hostKeys(snapshot, number))
            .setMasterNumber(number)
            .setReader(ByteString.copyFrom(reader.id().toByteArray()))
            .setReaderEncryptionKey(enrolled.enrolled().getEncryptionKey())
            .build();
    ports.append(
        audits.of(
            actor,
            "fetch_sealed_keys",
            Optional.of(snapshot.host()),
            "sealed keys of host " + snapshot.host() + ", for a restore to " + reader));
    return answer;
  }

  private EnrolledHost reader(StoredSnapshot snapshot, NamedHost reader) {
    try (CatalogView view = ports.views().get()) {
      if (!view.repository().isPrivate()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "repository "
                + ports.repository()
                + " is shared: the coordinator itself grants a host to read another's snapshot;"
                + " order the restore");
      }
      if (view.fleet().isErased(snapshot.host())) {
        throw new HoldfastException(
            ErrorCode.HOST_ERASED,
            "host "
                + snapshot.host()
                + " was erased for good: its keys are destroyed, and nobody can open its snapshots"
                + " any more");
      }
      return view.fleet()
          .host(reader.id())
          .orElseThrow(
              () -> new HoldfastException(ErrorCode.NOT_ENROLLED, reader + " is not enrolled"));
    }
  }

  private int masterNumber() {
    try (CatalogView view = ports.views().get()) {
      return view.masterNumber();
    }
  }

  private ByteString hostKeys(StoredSnapshot snapshot, int number) {
    String name = KeyObject.sealedHostKeys(ports.repository(), number, snapshot.host()).name();
    return vault
        .find(ObjectName.of(name), PrivateHostKeys.BYTES_MAX)
        .map(ByteString::copyFrom)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the vault has no "
                    + name
                    + " any more: bring it back from another copy of the vault; if the host is"
                    + " there still, its agent hands it in again at its next backup"));
  }
}
