package io.holdfast.agent.backup;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.sealing.ChunkKeys;
import java.util.List;

/**
 * Who backs up, and with which keys.
 *
 * @param generations all key generations this host was granted, ascending; new chunks use the last
 * @param recoveryKey X25519 public key of the host's recovery key
 */
public record BackupHost(
    HostId host,
    RepositoryId repository,
    List<ChunkKeys> generations,
    SigningKey signingKey,
    HostKeyPair encryptionKey,
    Bytes32 recoveryKey) {
  ChunkKeys generation(int number) {
    return generations.stream()
        .filter(keys -> keys.generation() == number)
        .findFirst()
        .orElseThrow(() ->
            new io.holdfast.common.error.HoldfastException(
                io.holdfast.common.error.ErrorCode.KEY_UNAVAILABLE,
                "the coordinator asks for key generation "
                    + number
                    + ", which this host was not granted; enrol it again"));
  }
}
