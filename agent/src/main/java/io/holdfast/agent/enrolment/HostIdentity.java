package io.holdfast.agent.enrolment;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.Randomness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Everything that makes this host itself. Closing it wipes the secrets.
 *
 * @param credential what it shows in TLS; replaced at renewal
 * @param roots the fleet's, as far as this host has learned of them
 * @param grant as it was when this was read; {@link GrantedKeys} has what came since
 */
public record HostIdentity(
    HostRecord record,
    ReloadableCredential credential,
    PinnedRoots roots,
    SigningKey signingKey,
    HostKeyPair encryptionKey,
    KeyGrant grant)
    implements AutoCloseable {
  private static final int CHECKSUM_BYTES = 4;

  /**
   * Reads the identity. NOT_ENROLLED if there is none; KEY_UNAVAILABLE, MALFORMED, UNKNOWN_VERSION
   * or CERTIFICATE_INVALID for a file that can't be used, which it names.
   */
  public static HostIdentity load(StateDirectory state, Randomness randomness) {
    if (!Files.exists(state.enrolled())) {
      throw new HoldfastException(
          ErrorCode.NOT_ENROLLED,
          "this host is not enrolled: "
              + state.enrolled()
              + " does not exist; make a token on the coordinator with: holdfast token create, and"
              + " enrol with it");
    }
    CertifiedKey credential =
        naming(state.credential(), () -> PemFiles.readCredential(state.credential(), randomness));
    HostRecord record = record(state);
    requireOneHost(state, credential, record);
    return new HostIdentity(
        record,
        ReloadableCredential.of(credential),
        naming(state.roots(), () -> PinnedRoots.open(state, credential)),
        naming(state.signingKey(), () -> PemFiles.readSigningKey(state.signingKey(), randomness)),
        naming(state.encryptionKey(), () -> HostKeyPair.of(SecretFile.read(state.encryptionKey()))),
        naming(state.grant(), () -> grant(state)));
  }

  /** What the file {@code enrolled} says. KEY_UNAVAILABLE, MALFORMED or UNKNOWN_VERSION. */
  public static HostRecord record(StateDirectory state) {
    return HostRecord.decode(state.enrolled().toString(), text(state));
  }

  /** What is wrong with one of several files must say with which. */
  private static <T> T naming(Path file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (HoldfastException e) {
      throw e.getMessage().contains(file.toString())
          ? e
          : new HoldfastException(
              e.code(),
              file + " can't be used: " + e.getMessage() + "; restore it or enrol again",
              e);
    }
  }

  private static void requireOneHost(
      StateDirectory state, CertifiedKey credential, HostRecord record) {
    if (!Identity.read(credential.leaf()).principal().equals(new HostPrincipal(record.host()))) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          state.credential()
              + " is not the certificate of the host that "
              + state.enrolled()
              + " names, "
              + record.host()
              + ": the two were mixed with another host's; restore this directory or enrol again");
    }
  }

  private static String text(StateDirectory state) {
    try (Secret content = SecretFile.read(state.enrolled())) {
      return new String(content.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  private static KeyGrant grant(StateDirectory state) {
    try (Secret content = SecretFile.read(state.grant())) {
      byte[] bytes = content.toByteArray();
      int length = bytes.length - CHECKSUM_BYTES;
      if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != checksum(bytes, length)) {
        throw new HoldfastException(
            ErrorCode.MALFORMED, state.grant() + " is damaged; restore it or enrol again");
      }
      return KeyGrant.parse(Arrays.copyOf(bytes, length));
    }
  }

  /** Whom this host connects to. */
  public FleetTrust trust() {
    return roots.trust();
  }

  /** Makes the identity durable; {@code enrolled} last, by which it counts. */
  void save(StateDirectory state) {
    PemFiles.writeCredential(state.credential(), credential.current());
    PemFiles.writeSigningKey(state.signingKey(), signingKey);
    SecretFile.write(state.encryptionKey(), encryptionKey.privateKey().toByteArray());
    saveGrant(state, grant);
    SecretFile.write(state.enrolled(), record.encode().getBytes(StandardCharsets.UTF_8));
  }

  /** Makes the grant durable, in the place of the one before. */
  static void saveGrant(StateDirectory state, KeyGrant grant) {
    try (Secret encoded = grant.encode()) {
      byte[] bytes = encoded.toByteArray();
      SecretFile.write(
          state.grant(),
          ByteBuffer.allocate(bytes.length + CHECKSUM_BYTES)
              .put(bytes)
              .putInt(checksum(bytes, bytes.length))
              .array());
    }
  }

  /** With a changed key this host would seal what nobody else can prove or recover. */
  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** Who this host is by its present certificate. */
  public Identity identity() {
    return Identity.read(credential.current().leaf());
  }

  /** CERTIFICATE_EXPIRED, with what to do, if the certificate has run out at {@code now}. */
  public void requireValid(Instant now) {
    Instant end = identity().notAfter();
    if (now.isAfter(end)) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_EXPIRED,
          "the certificate of this host, "
              + record.host()
              + ", expired at "
              + end
              + " and it is now "
              + now
              + " by this machine's clock. If the clock is right: make a token on the coordinator"
              + " with: holdfast token create, move this agent's state directory aside, and enrol"
              + " with the token; what was backed up stays under the old host's id");
    }
  }

  @Override
  public void close() {
    encryptionKey.close();
    grant.close();
  }

  @Override
  public String toString() {
    return "HostIdentity[" + record.host() + "]";
  }
}
