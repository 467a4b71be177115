package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Makes mutations, and seals and opens the part of them that names people, hosts and paths
 * (FORMAT.md, section 6: AES-256-GCM under the journal key, bound to the clear part). Any thread.
 */
public final class MutationSealer {
  private static final byte[] LABEL = "holdfast v1 mutation".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final RepositoryId repository;
  private final Secret journalKey;
  private final Randomness randomness;

  /** At rest: to find one among the providers costs as much as to open a small part. */
  private final AtomicReference<Cipher> spare = new AtomicReference<>();

  public MutationSealer(RepositoryId repository, Secret journalKey, Randomness randomness) {
    this.repository = repository;
    this.journalKey = journalKey;
    this.randomness = randomness;
  }

  /** A mutation that names nobody. */
  public static Mutation clear(Change change) {
    return Mutation.newBuilder().setClear(change.toByteString()).build();
  }

  public Mutation seal(Change change, Details details) {
    byte[] clear = change.toByteArray();
    byte[] nonce = randomness.bytes(NONCE_BYTES);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, clear, details.toByteArray(), 0);
    return Mutation.newBuilder()
        .setClear(ByteString.copyFrom(clear))
        .setSealed(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(sealed)))
        .build();
  }

  /** The sealed part, empty if there is none. CHUNK_CORRUPT-like damage is SIGNATURE_INVALID. */
  public Optional<Details> open(Mutation mutation) {
    byte[] sealed = mutation.getSealed().toByteArray();
    if (sealed.length == 0) {
      return Optional.empty();
    }
    if (sealed.length < NONCE_BYTES) {
      throw damaged(null);
    }
    byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
    byte[] clear = mutation.getClear().toByteArray();
    try {
      return Optional.of(
          Details.parseFrom(crypt(Cipher.DECRYPT_MODE, nonce, clear, sealed, NONCE_BYTES)));
    } catch (InvalidProtocolBufferException e) {
      throw damaged(e);
    }
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] clear, byte[] input, int offset) {
    try {
      Cipher found = spare.getAndSet(null);
      Cipher cipher = found == null ? Cipher.getInstance("AES/GCM/NoPadding") : found;
      cipher.init(mode, journalKey.toKey("AES"), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(LABEL);
      cipher.updateAAD(repository.toByteArray());
      cipher.updateAAD(Digests.sha256(clear).toByteArray());
      byte[] result = cipher.doFinal(input, offset, input.length - offset);
      spare.set(cipher);
      return result;
    } catch (GeneralSecurityException e) {
      throw damaged(e);
    }
  }

  private static HoldfastException damaged(Exception cause) {
    return new HoldfastException(
        ErrorCode.SIGNATURE_INVALID,
        "the sealed part of a journal record does not open with this repository's journal key;"
            + " check that the key ring and the vault belong together",
        cause);
  }
}
