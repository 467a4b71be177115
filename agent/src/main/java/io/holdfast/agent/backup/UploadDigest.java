package io.holdfast.agent.backup;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.Digests;
import io.holdfast.common.sealing.SealedChunk;
import io.holdfast.common.sealing.SealedHash;
import java.security.MessageDigest;

/**
 * SHA-256 over (kind, id, first 16 bytes of SHA-256 of the sealed bytes) of each upload, in order
 * (FORMAT.md, section 7). One thread.
 */
final class UploadDigest {
  private final MessageDigest sha256 = Digests.newSha256();

  void add(ChunkRef id, SealedChunk sealed) {
    sha256.update((byte) id.kind().number());
    sha256.update(id.id().toByteArray());
    byte[] hash = new byte[SealedHash.LENGTH];
    sealed.hash().write(hash, 0);
    sha256.update(hash);
  }

  /** The digest so far; more can be added after it. */
  byte[] value() {
    try {
      return ((MessageDigest) sha256.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of this platform cannot be cloned", e);
    }
  }
}
