package io.holdfast.common.sealing;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The clear part of a sealed chunk, for who holds no key: an ingesting coordinator, a mark, a
 * scrub. A view on the sealed bytes, which must not change while it is used. What it says is only
 * as good as its reader's trust in the bytes: the tag covers it, and only {@link ChunkOpener}
 * checks the tag.
 *
 * <pre>
 *  0   1  format version, 1
 *  1   1  kind
 *  2   1  codec: 0 raw, 1 zstd
 *  3   1  flags, 0
 *  4   4  key generation
 *  8   4  plain length
 * 12   4  body length, without the tag
 * 16   4  reference count n
 * 20  12  nonce
 * 32 33n  references: kind, id
 *  .   .  body, then 16 bytes of tag
 * </pre>
 */
public final class SealedHeader {
  /** Largest plaintext in bytes. */
  public static final int MAXIMUM_PLAIN_LENGTH = 16 << 20;

  /** Most clear references of a page. */
  public static final int MAXIMUM_REFERENCES = 65_536;

  /** Bytes before the references. */
  public static final int FIXED_LENGTH = 32;

  static final int MAXIMUM_BODY_LENGTH = MAXIMUM_PLAIN_LENGTH + (64 << 10);
  static final int NONCE_OFFSET = 20;
  static final int NONCE_LENGTH = 12;
  static final int TAG_LENGTH = 16;

  /** Smallest sealed chunk in bytes. */
  public static final int MINIMUM_SEALED_LENGTH = FIXED_LENGTH + TAG_LENGTH;

  /** Largest sealed chunk in bytes. */
  public static final int MAXIMUM_SEALED_LENGTH =
      MINIMUM_SEALED_LENGTH + MAXIMUM_REFERENCES * ChunkRef.LENGTH + MAXIMUM_BODY_LENGTH;

  static final int VERSION = 1;

  private final byte[] sealed;
  private final int offset;
  private final ChunkRef named;
  private final Codec codec;
  private final int generation;
  private final int plainLength;
  private final int bodyLength;
  private final int referenceCount;

  private SealedHeader(byte[] sealed, int offset, ChunkRef named, Codec codec) {
    this.sealed = sealed;
    this.offset = offset;
    this.named = named;
    this.codec = codec;
    ByteBuffer in = ByteBuffer.wrap(sealed, offset, FIXED_LENGTH);
    generation = in.getInt(offset + 4);
    plainLength = in.getInt(offset + 8);
    bodyLength = in.getInt(offset + 12);
    referenceCount = in.getInt(offset + 16);
  }

  /**
   * Reads and checks the clear part of one whole sealed chunk, taking no memory for any length it
   * declares.
   *
   * @param named the chunk these bytes are said to be
   * @throws HoldfastException UNKNOWN_VERSION, LIMIT_EXCEEDED or CHUNK_CORRUPT, naming the chunk
   */
  public static SealedHeader parse(ChunkRef named, byte[] sealed, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, sealed.length);
    if (length < MINIMUM_SEALED_LENGTH) {
      throw corrupt(named, "is cut short: " + length + " bytes, less than its header and tag");
    }
    requireKnown(named, "version", sealed[offset], VERSION);
    requireKnown(named, "flags", sealed[offset + 3], 0);
    SealedHeader header = new SealedHeader(sealed, offset, named, codec(named, sealed[offset + 2]));
    header.requireKind(sealed[offset + 1]);
    header.requireLengths(length);
    header.requireReferences();
    return header;
  }

  private static void requireKnown(ChunkRef named, String field, byte found, int known) {
    if ((found & 0xff) != known) {
      throw unknown(named, field, found, String.valueOf(known));
    }
  }

  private static Codec codec(ChunkRef named, byte number) {
    return switch (number) {
      case 0 -> Codec.RAW;
      case 1 -> Codec.ZSTD;
      default -> throw unknown(named, "codec", number, "0 and 1");
    };
  }

  private void requireKind(byte number) {
    if (number != kind().number()) {
      throw corrupt("says it is of kind " + (number & 0xff));
    }
  }

  private void requireLengths(int length) {
    requireAtMost("plain length", plainLength, MAXIMUM_PLAIN_LENGTH);
    requireAtMost("body length", bodyLength, MAXIMUM_BODY_LENGTH);
    requireAtMost("reference count", referenceCount, MAXIMUM_REFERENCES);
    if (sealedLength() != length) {
      throw corrupt("declares " + sealedLength() + " bytes and has " + length);
    }
    if (codec == Codec.RAW && bodyLength != plainLength) {
      throw corrupt("is raw, yet declares a body of another length than its plaintext");
    }
    if (referenceCount > 0 && kind() != ChunkKind.PAGE) {
      throw corrupt("has references, which only pages have");
    }
  }

  private void requireAtMost(String field, int value, int maximum) {
    if (Integer.compareUnsigned(value, maximum) > 0) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          "sealed chunk %s declares a %s of %s, over the limit of %d"
              .formatted(named, field, Integer.toUnsignedString(value), maximum));
    }
  }

  private void requireReferences() {
    for (int i = 0; i < referenceCount; i++) {
      int number = sealed[referenceAt(i)];
      if (number < 1 || number > ChunkKind.PAGE.number()) {
        throw corrupt("has reference " + i + " to a chunk of unknown kind " + number);
      }
    }
  }

  /** What a reader says who found the bytes at fault. */
  HoldfastException corrupt(String what) {
    return corrupt(named, what);
  }

  private static HoldfastException corrupt(ChunkRef named, String what) {
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        "sealed chunk " + named + " " + what + "; read it from another copy");
  }

  private static HoldfastException unknown(ChunkRef named, String field, byte found, String known) {
    return new HoldfastException(
        ErrorCode.UNKNOWN_VERSION,
        "sealed chunk %s has %s %d; this program reads %s: use a newer one"
            .formatted(named, field, found & 0xff, known));
  }

  /** The chunk these bytes are said to be; only the kind stands in the header itself. */
  public ChunkRef named() {
    return named;
  }

  public ChunkKind kind() {
    return named.kind();
  }

  public Codec codec() {
    return codec;
  }

  public int generation() {
    return generation;
  }

  /** Bytes of the plaintext, as declared. */
  public int plainLength() {
    return plainLength;
  }

  /** Bytes of ciphertext without tag. */
  public int bodyLength() {
    return bodyLength;
  }

  /** Bytes of the whole sealed chunk. */
  public int sealedLength() {
    return MINIMUM_SEALED_LENGTH + referenceCount * ChunkRef.LENGTH + bodyLength;
  }

  public int referenceCount() {
    return referenceCount;
  }

  /** One of the clear references, in the order of the page's table. */
  public ChunkRef reference(int index) {
    int at = referenceAt(Objects.checkIndex(index, referenceCount));
    return new ChunkRef(ChunkKind.of(sealed[at]), ChunkId.read(sealed, at + 1));
  }

  /** Copies the stored form of all references, 33 bytes each. */
  public void copyReferences(byte[] out, int outOffset) {
    int length = referenceCount * ChunkRef.LENGTH;
    System.arraycopy(sealed, offset + FIXED_LENGTH, out, outOffset, length);
  }

  private int referenceAt(int index) {
    return offset + FIXED_LENGTH + index * ChunkRef.LENGTH;
  }

  byte[] sealed() {
    return sealed;
  }

  int offset() {
    return offset;
  }

  /** Bytes before the body: what the tag covers in clear. */
  int clearLength() {
    return FIXED_LENGTH + referenceCount * ChunkRef.LENGTH;
  }
}
