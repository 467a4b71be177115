package io.holdfast.common.sealing;

import io.holdfast.common.id.ChunkRef;

/**
 * A chunk ready to leave the host. Its bytes belong to the message that carries them: nobody writes
 * to the array again, so it may be wrapped without a copy.
 */
public final class SealedChunk {
  private final ChunkRef ref;
  private final Codec codec;
  private final int plainLength;
  private final byte[] bytes;
  private final int crc32c;
  private final SealedHash hash;

  SealedChunk(
      ChunkRef ref, Codec codec, int plainLength, byte[] bytes, int crc32c, SealedHash hash) {
    this.ref = ref;
    this.codec = codec;
    this.plainLength = plainLength;
    this.bytes = bytes;
    this.crc32c = crc32c;
    this.hash = hash;
  }

  public ChunkRef ref() {
    return ref;
  }

  public Codec codec() {
    return codec;
  }

  /** Bytes of the plaintext. */
  public int plainLength() {
    return plainLength;
  }

  /** Bytes of the sealed chunk. */
  public int sealedLength() {
    return bytes.length;
  }

  /** The sealed chunk itself, not a copy: read it, wrap it, never write to it. */
  public byte[] bytes() {
    return bytes;
  }

  /** CRC-32C of the sealed bytes. */
  public int crc32c() {
    return crc32c;
  }

  /** Beginning of SHA-256 over the sealed bytes. */
  public SealedHash hash() {
    return hash;
  }

  @Override
  public String toString() {
    return ref + ", " + plainLength + " bytes sealed as " + bytes.length;
  }
}
