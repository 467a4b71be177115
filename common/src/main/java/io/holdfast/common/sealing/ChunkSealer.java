package io.holdfast.common.sealing;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.seam.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Turns plaintext into sealed chunks, in two steps: {@link #key} names the content, so that one may
 * ask whether it is stored already; {@link #seal} does the costly rest for what isn't.
 *
 * <p>One owner thread; a worker has its own. Keeps its MACs, cipher, native zstd contexts and
 * scratch between chunks, at most twice the largest plaintext; per chunk it allocates the sealed
 * array, of exactly its size, and a few small objects. Closing frees the native memory.
 */
public final class ChunkSealer implements AutoCloseable {
  private final ChunkKeys keys;
  private final SealOptions options;
  private final Randomness randomness;
  private final ContentMac contentMac;
  private final ChunkDerivation derivation = new ChunkDerivation();
  private final ChunkCipher cipher;
  private final BodyCompressor compressor;
  private final ChunkOpener opener;
  private final Scratch opened = new Scratch();
  private final byte[] nonce = new byte[SealedHeader.NONCE_LENGTH];

  public ChunkSealer(ChunkKeys keys, SealOptions options, Randomness randomness) {
    this(
        keys, options, randomness, new BodyCompressor(options), new ChunkCipher(keys.repository()));
  }

  ChunkSealer(
      ChunkKeys keys,
      SealOptions options,
      Randomness randomness,
      BodyCompressor compressor,
      ChunkCipher cipher) {
    this.keys = keys;
    this.options = options;
    this.randomness = Objects.requireNonNull(randomness, "randomness");
    this.compressor = compressor;
    contentMac = new ContentMac(keys);
    this.cipher = cipher;
    opener = new ChunkOpener(Set.of(keys));
  }

  /** K of a content. */
  public ChunkKey key(ChunkKind kind, byte[] plaintext, int offset, int length) {
    requirePlainLength(kind, length);
    return contentMac.key(kind, plaintext, offset, length);
  }

  /** The chunk's name in clear: what to ask the index for. */
  public ChunkRef ref(ChunkKey key) {
    return derivation.ref(key);
  }

  /** Seals a chunk without clear references. */
  public SealedChunk seal(ChunkKey key, byte[] plaintext, int offset, int length) {
    return seal(key, plaintext, offset, length, List.of());
  }

  /**
   * Seals the content that {@link #key} answered {@code key} for; sealing it again gives other
   * bytes that open alike.
   *
   * @param references a page's clear references, in the order of its table; empty for other kinds
   * @throws HoldfastException INTERNAL if a check of the result fails: nothing of it may be used
   */
  public SealedChunk seal(
      ChunkKey key, byte[] plaintext, int offset, int length, List<ChunkRef> references) {
    requirePlainLength(key.kind(), length);
    requireReferences(key.kind(), references);
    Objects.checkFromIndexSize(offset, length, plaintext.length);
    int framed = compressor.compress(key.kind(), plaintext, offset, length);
    boolean raw = framed == BodyCompressor.RAW;
    int bodyLength = raw ? length : framed;
    Codec codec = raw ? Codec.RAW : Codec.ZSTD;
    randomness.fill(nonce);
    byte[] sealed =
        new ClearPart(key.kind(), codec, keys.generation(), length, bodyLength)
            .begin(nonce, references);
    ChunkId id = derivation.id(key);
    byte[] body = raw ? plaintext : compressor.body();
    cipher.encrypt(derivation.sealingKey(key), id, sealed, body, raw ? offset : 0, bodyLength);
    if (options.check() == SealCheck.OPENING) {
      requireOpens(key, sealed, plaintext, offset, length);
    }
    ChunkRef ref = new ChunkRef(key.kind(), id);
    return new SealedChunk(ref, codec, length, sealed, cipher.crc32c(), cipher.hash());
  }

  private void requireOpens(ChunkKey key, byte[] sealed, byte[] plaintext, int offset, int length) {
    byte[] back = opened.atLeast(length);
    try {
      opener.open(key, sealed, 0, sealed.length, back, 0);
    } catch (HoldfastException e) {
      throw faulty(key, e);
    }
    if (!Arrays.equals(plaintext, offset, offset + length, back, 0, length)) {
      throw faulty(key, null);
    }
  }

  private HoldfastException faulty(ChunkKey key, HoldfastException cause) {
    return new HoldfastException(
        ErrorCode.INTERNAL,
        "chunk "
            + ref(key)
            + " was sealed and didn't open to the same bytes; nothing was stored of it."
            + " This host's memory or processor is faulty: test its memory first",
        cause);
  }

  private static void requirePlainLength(ChunkKind kind, int length) {
    if (length < 0 || length > SealedHeader.MAXIMUM_PLAIN_LENGTH) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          "a %s chunk of %d bytes is over the limit of %d"
              .formatted(kind, length, SealedHeader.MAXIMUM_PLAIN_LENGTH));
    }
  }

  private static void requireReferences(ChunkKind kind, List<ChunkRef> references) {
    if (kind != ChunkKind.PAGE && !references.isEmpty()) {
      throw new IllegalArgumentException("only pages have clear references, not " + kind);
    }
    if (references.size() > SealedHeader.MAXIMUM_REFERENCES) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          "a page with %d references is over the limit of %d"
              .formatted(references.size(), SealedHeader.MAXIMUM_REFERENCES));
    }
  }

  @Override
  public void close() {
    opener.close();
    compressor.close();
  }
}
