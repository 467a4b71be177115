package io.holdfast.common.sealing;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.RepositoryId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM (NIST SP 800-38D) between a body and its place in a sealed chunk. The tag also covers
 * the repository, the id and everything in clear, so bytes that lie under another's name don't
 * open. One owner.
 */
class ChunkCipher {
  private static final byte[] LABEL = Expand.label("holdfast v1 chunk");
  private static final int SLICE = ContentMac.SLICE;

  private final Cipher cipher;
  private final byte[] binding;
  private final CRC32C crc32c = new CRC32C();
  private final MessageDigest sha256 = Digests.newSha256();

  ChunkCipher(RepositoryId repository) {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
    byte[] id = repository.toByteArray();
    binding =
        ByteBuffer.allocate(LABEL.length + id.length + Bytes32.LENGTH).put(LABEL).put(id).array();
  }

  /**
   * Encrypts a body to the end of {@code sealed}, behind its clear part. The sums of the sealed
   * bytes are taken slice by slice while they are in the cache.
   */
  void encrypt(SecretKey key, ChunkId id, byte[] sealed, byte[] body, int offset, int length) {
    int clear = sealed.length - SealedHeader.TAG_LENGTH - length;
    try {
      begin(Cipher.ENCRYPT_MODE, key, id, sealed, 0, clear);
      beginSums(sealed, clear);
      int at = clear;
      for (int done = 0; done < length; done += SLICE) {
        int slice = Math.min(SLICE, length - done);
        at += summed(sealed, at, cipher.update(body, offset + done, slice, sealed, at));
      }
      summed(sealed, at, cipher.doFinal(sealed, at));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refused to encrypt", e);
    }
  }

  private void beginSums(byte[] sealed, int length) {
    crc32c.reset();
    sha256.reset();
    summed(sealed, 0, length);
  }

  private int summed(byte[] sealed, int offset, int length) {
    crc32c.update(sealed, offset, length);
    sha256.update(sealed, offset, length);
    return length;
  }

  /** CRC-32C of what was encrypted last. */
  int crc32c() {
    return (int) crc32c.getValue();
  }

  /** Hash of what was encrypted last; answers once. */
  SealedHash hash() {
    return SealedHash.finish(sha256);
  }

  /**
   * Decrypts the body of a sealed chunk into {@code out}; false if the tag says that any covered
   * byte, the id, the repository or the key is another. Then {@code out} holds nothing of use.
   */
  boolean decrypt(SecretKey key, SealedHeader header, byte[] out, int at) {
    byte[] sealed = header.sealed();
    int offset = header.offset();
    int clear = header.clearLength();
    int covered = header.bodyLength() + SealedHeader.TAG_LENGTH;
    try {
      begin(Cipher.DECRYPT_MODE, key, header.named().id(), sealed, offset, clear);
      cipher.doFinal(sealed, offset + clear, covered, out, at);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refused to decrypt", e);
    }
  }

  private void begin(int mode, SecretKey key, ChunkId id, byte[] sealed, int offset, int clear)
      throws GeneralSecurityException {
    int nonceAt = offset + SealedHeader.NONCE_OFFSET;
    cipher.init(
        mode,
        key,
        new GCMParameterSpec(
            SealedHeader.TAG_LENGTH * Byte.SIZE, sealed, nonceAt, SealedHeader.NONCE_LENGTH));
    id.value().write(binding, binding.length - Bytes32.LENGTH);
    cover(cipher, binding, sealed, offset, clear);
  }

  /** Says what the tag covers besides the body: label, repository and id, then the clear part. */
  void cover(Cipher begun, byte[] bound, byte[] sealed, int offset, int clear) {
    begun.updateAAD(bound);
    begun.updateAAD(sealed, offset, clear);
  }
}
