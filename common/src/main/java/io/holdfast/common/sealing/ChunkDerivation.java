package io.holdfast.common.sealing;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.Digests;
import java.security.MessageDigest;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** What follows from one K (FORMAT.md, section 1). One owner: reuses a MAC and a digest. */
final class ChunkDerivation {
  private static final byte[] OWN = Expand.label("holdfast v1 own");
  private static final byte[] SEAL = Expand.label("holdfast v1 seal");

  private final Expand expand = new Expand();
  private final MessageDigest sha256 = Digests.newSha256();

  Bytes32 own(ChunkKey key) {
    return Bytes32.of(ownBytes(key));
  }

  ChunkId id(ChunkKey key) {
    return ChunkId.of(sha256.digest(ownBytes(key)));
  }

  ChunkRef ref(ChunkKey key) {
    return new ChunkRef(key.kind(), id(key));
  }

  SecretKey sealingKey(ChunkKey key) {
    return new SecretKeySpec(expand.expand(key.k().toByteArray(), SEAL), "AES");
  }

  private byte[] ownBytes(ChunkKey key) {
    return expand.expand(key.k().toByteArray(), OWN);
  }
}
