package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a person shows with each call, as one string: {@code hfa1.} and base64url (RFC 4648, section
 * 5, no padding) of
 *
 * <pre>
 * 32  SHA-256 of the fleet root certificate's DER: whom to show it to, and nobody else
 * 32  secret
 *  4  first bytes of SHA-256 over all of the above: tells a mistyped token from a wrong one
 * </pre>
 *
 * The coordinator keeps SHA-256 of the secret. That is enough, and a slow hash with salt would be
 * no better: the secret is 256 random bits, so there is no dictionary to try, and who has the hash
 * alone would have to try them all; and it is asked for at every call. Prints without the secret;
 * only {@link #encode} shows it.
 *
 * @param root the root that the coordinator's certificate has to lead to
 * @param secret 32 bytes
 */
public record AccessToken(Fingerprint root, Secret secret) implements AutoCloseable {
  private static final String PREFIX = "hfa1.";
  private static final int CHECKSUM_BYTES = 4;
  private static final int BYTES = Bytes32.LENGTH + Bytes32.LENGTH + CHECKSUM_BYTES;

  /** What 68 bytes are in base64 without padding. */
  private static final int CHARS = PREFIX.length() + 91;

  /** A new token with a fresh 256-bit secret. */
  public static AccessToken generate(Fingerprint root, Randomness randomness) {
    return new AccessToken(root, Secret.random(randomness, Bytes32.LENGTH));
  }

  /** All a server keeps of the secret: the token's name. */
  public Bytes32 id() {
    byte[] raw = secret.toByteArray();
    try {
      return Digests.sha256(raw);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  /** The string to hand over: secret. */
  public String encode() {
    byte[] raw = secret.toByteArray();
    byte[] covered =
        ByteBuffer.allocate(BYTES - CHECKSUM_BYTES)
            .put(root.value().toByteArray())
            .put(raw)
            .array();
    byte[] whole = ByteBuffer.allocate(BYTES).put(covered).put(checksum(covered)).array();
    Arrays.fill(raw, (byte) 0);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /**
   * Reads what {@link #encode} made, with white space around it. ACCESS_TOKEN_INVALID if it is cut
   * short, mistyped or of another version; no message repeats any of it.
   */
  public static AccessToken parse(String text) {
    String token = text.strip();
    byte[] bytes = decode(token);
    byte[] covered = Arrays.copyOf(bytes, BYTES - CHECKSUM_BYTES);
    byte[] checksum = Arrays.copyOfRange(bytes, BYTES - CHECKSUM_BYTES, BYTES);
    if (!Arrays.equals(checksum, checksum(covered))) {
      throw invalid("it was mistyped: its checksum does not match");
    }
    ByteBuffer in = ByteBuffer.wrap(covered);
    Bytes32 root = Bytes32.get(in);
    byte[] secret = new byte[Bytes32.LENGTH];
    in.get(secret);
    AccessToken parsed = new AccessToken(new Fingerprint(root), Secret.take(secret));
    if (!parsed.encode().equals(token)) {
      throw invalid("it was mistyped in its last character");
    }
    return parsed;
  }

  private static byte[] decode(String token) {
    if (token.startsWith("hf1.")) {
      throw invalid("this one lets a host enrol, and nobody call");
    }
    if (token.matches("hfa[0-9]{1,9}\\..*") && !token.startsWith(PREFIX)) {
      throw invalid(
          "it is of version "
              + token.substring(3, token.indexOf('.'))
              + " and this release reads version 1: use the same release as the coordinator");
    }
    if (!token.startsWith(PREFIX)) {
      throw invalid("an access token begins with " + PREFIX);
    }
    if (token.length() != CHARS) {
      throw invalid("it has " + token.length() + " characters, and not " + CHARS);
    }
    try {
      return Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw invalid("it holds a character that no token has");
    }
  }

  private static byte[] checksum(byte[] bytes) {
    return Arrays.copyOf(Digests.sha256(bytes).toByteArray(), CHECKSUM_BYTES);
  }

  private static HoldfastException invalid(String cause) {
    return new HoldfastException(
        ErrorCode.ACCESS_TOKEN_INVALID,
        "the access token is not usable: "
            + cause
            + "; copy it again, or have a new one made with: holdfast user token create");
  }

  @Override
  public void close() {
    secret.close();
  }
}
