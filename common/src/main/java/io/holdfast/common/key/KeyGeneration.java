package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.seam.Randomness;
import java.util.Locale;

/**
 * One generation of deduplication keys: a 32-byte id root, from which the id key of each chunk kind
 * and those of block maps and content tags follow (FORMAT.md, section 1), and the chunker's 32-byte
 * gear secret. Any thread; derive once and keep the result, not once a chunk.
 */
public final class KeyGeneration implements AutoCloseable {
  static final int KEY_BYTES = 32;

  private final int number;
  private final Secret idRoot;
  private final Secret gearSecret;

  /** Takes both secrets over. MALFORMED if a number or a length is out of range. */
  KeyGeneration(int number, Secret idRoot, Secret gearSecret) {
    if (number < 1) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "key generations count from 1, not " + number);
    }
    checkLength("id root", idRoot);
    checkLength("gear secret", gearSecret);
    this.number = number;
    this.idRoot = idRoot;
    this.gearSecret = gearSecret;
  }

  static KeyGeneration generate(int number, Randomness randomness) {
    return new KeyGeneration(
        number, Secret.random(randomness, KEY_BYTES), Secret.random(randomness, KEY_BYTES));
  }

  static void checkLength(String name, Secret secret) {
    if (secret.length() != KEY_BYTES) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "the " + name + " has " + secret.length() + " bytes instead of 32");
    }
  }

  /** What a sealed chunk's header names this generation by; from 1. */
  public int number() {
    return number;
  }

  /** The HMAC key of chunks of {@code kind}, 32 bytes; the caller closes it. */
  public Secret idKey(ChunkKind kind) {
    return Hkdf.expand(idRoot, "holdfast v1 id " + kind.name().toLowerCase(Locale.ROOT), KEY_BYTES);
  }

  /** The HMAC key of block fingerprints in block maps, 32 bytes; the caller closes it. */
  public Secret mapKey() {
    return Hkdf.expand(idRoot, "holdfast v1 block map", KEY_BYTES);
  }

  /** The HMAC key of content tags, 32 bytes; the caller closes it. */
  public Secret tagKey() {
    return Hkdf.expand(idRoot, "holdfast v1 content tag", KEY_BYTES);
  }

  /** What the chunker expands into its gear table; stays owned by this generation. */
  public Secret gearSecret() {
    return gearSecret;
  }

  /** What the id keys are derived from, 32 bytes; stays owned by this generation. */
  public Secret idRoot() {
    return idRoot;
  }

  @Override
  public void close() {
    idRoot.close();
    gearSecret.close();
  }

  @Override
  public String toString() {
    return "KeyGeneration[" + number + "]";
  }
}
