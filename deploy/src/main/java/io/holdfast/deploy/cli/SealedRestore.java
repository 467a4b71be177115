package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RestoreKeys;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;

/**
 * Opens, on this machine and by the recovery passphrase, what a host of a private repository
 * sealed, and seals what another host needs of it to that host. What the coordinator sent is
 * believed only as far as it opens.
 */
public final class SealedRestore {
  private SealedRestore() {}

  /**
   * The keys of one restore, sealed to its reader. PASSPHRASE_WRONG; KEY_UNAVAILABLE for a kit of
   * another repository or without a recovery key; MALFORMED or CHUNK_ID_MISMATCH for keys that
   * don't open, or don't open that snapshot.
   */
  public static ByteString seal(
      FetchSealedKeysAnswer sealed, RecoveryKit kit, Passphrase passphrase, Randomness randomness) {
    RepositoryId repository = RepositoryId.of(sealed.getRepository().toByteArray());
    HostId host = HostId.of(sealed.getHost().toByteArray());
    requireOneSnapshot(sealed, host);
    requireKit(sealed, repository, kit);
    KeyObject object = KeyObject.sealedHostKeys(repository, kit.masterNumber(), host);
    try (HostKeyPair recovery = kit.openRecovery(passphrase);
        PrivateHostKeys keys =
            PrivateHostKeys.open(object, host, sealed.getHostKeys().toByteArray(), recovery)) {
      byte[] box =
          new RestoreKeys(rootKey(sealed, repository, host, keys), keys.generations())
              .seal(
                  repository,
                  SnapshotId.of(sealed.getSnapshot().toByteArray()),
                  HostId.of(sealed.getReader().toByteArray()),
                  Bytes32.of(sealed.getReaderEncryptionKey().toByteArray()),
                  randomness);
      return ByteString.copyFrom(box);
    }
  }

  /** A snapshot's id follows from whose it is, its run and its root. */
  private static void requireOneSnapshot(FetchSealedKeysAnswer sealed, HostId host) {
    SnapshotId named = SnapshotId.of(sealed.getSnapshot().toByteArray());
    RunId run = RunId.of(sealed.getRun().toByteArray());
    ChunkId root = ChunkId.of(sealed.getRoot().toByteArray());
    if (!SnapshotFormat.snapshotId(host, run, root).equals(named)) {
      throw new HoldfastException(
          ErrorCode.CHUNK_ID_MISMATCH,
          "the coordinator's answer is not about snapshot "
              + named
              + " but about another one of host "
              + host
              + ": nothing was sealed; find out what answers");
    }
  }

  private static void requireKit(
      FetchSealedKeysAnswer sealed, RepositoryId repository, RecoveryKit kit) {
    if (!kit.repository().equals(repository)) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the recovery kit, of repository "
              + kit.repository()
              + ", holds no recovery key of the private repository "
              + repository
              + "; take the kit that was made with it");
    }
    int number = sealed.getMasterNumber();
    if (number != 0 && number != kit.masterNumber()) { // 0: a coordinator of before there were more
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the recovery kit is of master key "
              + kit.masterNumber()
              + ", and number "
              + number
              + " is in use, to whose recovery key hosts' keys are sealed; take the newest kit");
    }
  }

  private static Bytes32 rootKey(
      FetchSealedKeysAnswer sealed, RepositoryId repository, HostId host, PrivateHostKeys keys) {
    ChunkId root = ChunkId.of(sealed.getRoot().toByteArray());
    byte[] aad =
        SnapshotFormat.rootAad(repository, host, RunId.of(sealed.getRun().toByteArray()), root);
    try (Secret k =
        SealedBox.open(
            keys.recoveryKey(),
            SnapshotFormat.rootInfo(),
            aad,
            sealed.getRootForRecovery().toByteArray())) {
      Bytes32 key = Bytes32.of(k.toByteArray());
      if (!new ChunkKey(ChunkKind.PAGE, key).id().equals(root)) {
        throw new HoldfastException(
            ErrorCode.CHUNK_ID_MISMATCH,
            "the key that host "
                + host
                + " sealed opens another root than its snapshot names; only that host can read it,"
                + " if anybody");
      }
      return key;
    }
  }
}
