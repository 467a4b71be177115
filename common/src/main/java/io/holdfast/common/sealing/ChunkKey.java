package io.holdfast.common.sealing;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.util.Locale;
import java.util.Objects;

/**
 * K of one content: HMAC over the plaintext under its kind's id key. From it follow the chunk's
 * name, the proof of possession and the key that opens it, so it is a secret and isn't printed.
 *
 * <p>Each derivation here sets up a MAC of its own; in a loop use {@link ChunkSealer#ref} or {@link
 * ChunkOpener#ref}, which reuse theirs.
 *
 * @param kind what the chunk holds; nothing of one kind can pose as another
 * @param k the 32 secret bytes, as a page's table of references holds them
 */
public record ChunkKey(ChunkKind kind, Bytes32 k) {
  public ChunkKey {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(k, "k");
  }

  /** What shows that its sender has the content: the value whose SHA-256 is the id. */
  public Bytes32 own() {
    return new ChunkDerivation().own(this);
  }

  /** The chunk's name in clear. */
  public ChunkId id() {
    return new ChunkDerivation().id(this);
  }

  @Override
  public String toString() {
    return "ChunkKey[" + kind.name().toLowerCase(Locale.ROOT) + ", secret]";
  }

  /** The index key of the chunk. */
  public ChunkRef ref() {
    return new ChunkRef(kind, id());
  }
}
