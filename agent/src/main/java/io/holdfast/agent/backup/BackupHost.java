package io.holdfast.agent.backup;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.sealing.ChunkGenerations;

/**
 * Who backs up, and with which keys.
 *
 * @param generations those this host was granted, and what it can fetch: new chunks are of the one
 *     that the coordinator names
 * @param recoveryKey X25519 public key of the host's recovery key
 * @param keepsKeys whether its keys are its own and K of nothing leaves it but sealed, whatever a
 *     coordinator asks for
 */
public record BackupHost(
    HostId host,
    RepositoryId repository,
    ChunkGenerations generations,
    SigningKey signingKey,
    HostKeyPair encryptionKey,
    Bytes32 recoveryKey,
    boolean keepsKeys) {
  /** A host of a shared repository. */
  public BackupHost(
      HostId host,
      RepositoryId repository,
      ChunkGenerations generations,
      SigningKey signingKey,
      HostKeyPair encryptionKey,
      Bytes32 recoveryKey) {
    this(host, repository, generations, signingKey, encryptionKey, recoveryKey, false);
  }
}
