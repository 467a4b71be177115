package io.holdfast.common.sealing;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.Mac;

/**
 * Computes K of one plaintext after another under one generation's keys. One owner: a MAC per kind
 * is set up once and goes back to its start with each result.
 */
final class ContentMac {
  /** Bytes a call: compiled loops are entered sooner than with one call a chunk. */
  static final int SLICE = 16 << 10;

  private final Map<ChunkKind, Mac> macs = new EnumMap<>(ChunkKind.class);
  private final byte[] result = new byte[Bytes32.LENGTH];

  ContentMac(ChunkKeys keys) {
    for (ChunkKind kind : ChunkKind.values()) {
      macs.put(kind, keys.idMac(kind));
    }
  }

  ChunkKey key(ChunkKind kind, byte[] plaintext, int offset, int length) {
    Mac mac = macs.get(kind);
    for (int done = 0; done < length; done += SLICE) {
      mac.update(plaintext, offset + done, Math.min(SLICE, length - done));
    }
    try {
      mac.doFinal(result, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("32 bytes hold an HMAC-SHA-256", e);
    }
    return new ChunkKey(kind, Bytes32.read(result, 0));
  }
}
