package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a new host is told to join by, as one string: {@code hf1.} and base64url (RFC 4648, section
 * 5, no padding) of
 *
 * <pre>
 * 32  SHA-256 of the fleet root certificate's DER
 * 32  secret
 *  1  number of addresses, 1 to 16; each: length (1) and text
 *  4  first bytes of SHA-256 over all of the above: tells a mistyped token from a wrong one
 * </pre>
 *
 * The coordinator keeps SHA-256 of the secret, its expiry and that it was used. Prints without the
 * secret; only {@link #encode} shows it.
 *
 * @param addresses coordinators to try, in order
 * @param root the root to pin
 * @param secret 32 bytes
 */
public record EnrolmentToken(List<Endpoint> addresses, Fingerprint root, Secret secret)
    implements AutoCloseable {
  private static final String PREFIX = "hf1.";
  private static final int SECRET_BYTES = 32;
  private static final int CHECKSUM_BYTES = 4;
  private static final int ADDRESSES_MAX = 16;
  private static final int CHARS_MAX = 8192;

  /** INVALID_ARGUMENT unless there are 1 to 16 addresses. */
  public EnrolmentToken {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > ADDRESSES_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a token carries 1 to " + ADDRESSES_MAX + " addresses, not " + addresses.size());
    }
  }

  /** A new token with a fresh 256-bit secret. */
  public static EnrolmentToken generate(
      List<Endpoint> addresses, Fingerprint root, Randomness randomness) {
    return new EnrolmentToken(addresses, root, Secret.random(randomness, SECRET_BYTES));
  }

  /** All a server keeps of the secret. */
  public Bytes32 secretHash() {
    byte[] raw = secret.toByteArray();
    try {
      return hashOf(raw);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  /** What a server compares a presented secret by. */
  public static Bytes32 hashOf(byte[] secret) {
    return Digests.sha256(secret);
  }

  /** The string to hand over: secret. */
  public String encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(root.value().toByteArray());
    out.writeBytes(secret.toByteArray());
    out.write(addresses.size());
    for (Endpoint address : addresses) {
      byte[] text = address.toString().getBytes(StandardCharsets.US_ASCII);
      out.write(text.length);
      out.writeBytes(text);
    }
    out.writeBytes(checksum(out.toByteArray()));
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  /**
   * Reads what {@link #encode} made, with white space around it. TOKEN_INVALID if it is cut short,
   * mistyped or of another version; no message repeats any of it.
   */
  public static EnrolmentToken parse(String text) {
    String token = text.strip();
    byte[] bytes = decode(token);
    int length = bytes.length - CHECKSUM_BYTES;
    byte[] covered = Arrays.copyOf(bytes, Math.max(length, 0));
    byte[] checksum = Arrays.copyOfRange(bytes, Math.max(length, 0), bytes.length);
    if (!Arrays.equals(checksum, checksum(covered))) {
      throw invalid("it was cut short or mistyped: its checksum does not match");
    }
    EnrolmentToken parsed = read(ByteBuffer.wrap(covered));
    if (!parsed.encode().equals(token)) {
      throw invalid("it was mistyped in its last character");
    }
    return parsed;
  }

  private static byte[] decode(String token) {
    if (token.matches("hf[0-9]+\\..*") && !token.startsWith(PREFIX)) {
      throw invalid(
          "it is of version "
              + token.substring(2, token.indexOf('.'))
              + " and this release reads version 1: use the same release as the coordinator");
    }
    if (!token.startsWith(PREFIX)) {
      throw invalid("a token begins with " + PREFIX);
    }
    if (token.length() > CHARS_MAX) {
      throw invalid("it is longer than a token can be");
    }
    try {
      return Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw invalid("it was cut short, or holds a character that no token has");
    }
  }

  private static EnrolmentToken read(ByteBuffer in) {
    try {
      Bytes32 root = Bytes32.get(in);
      byte[] secret = new byte[SECRET_BYTES];
      in.get(secret);
      int count = Byte.toUnsignedInt(in.get());
      List<Endpoint> addresses = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        addresses.add(readAddress(in));
      }
      if (in.hasRemaining()) {
        throw invalid("it holds more than it should");
      }
      return new EnrolmentToken(addresses, new Fingerprint(root), Secret.take(secret));
    } catch (BufferUnderflowException e) {
      throw invalid("it holds less than it should");
    } catch (HoldfastException e) {
      throw e.code() == ErrorCode.TOKEN_INVALID ? e : invalid("an address in it is none");
    }
  }

  private static Endpoint readAddress(ByteBuffer in) {
    byte[] text = new byte[Byte.toUnsignedInt(in.get())];
    in.get(text);
    return Endpoint.parse(new String(text, StandardCharsets.US_ASCII));
  }

  private static byte[] checksum(byte[] bytes) {
    return Arrays.copyOf(Digests.sha256(bytes).toByteArray(), CHECKSUM_BYTES);
  }

  private static HoldfastException invalid(String cause) {
    return new HoldfastException(
        ErrorCode.TOKEN_INVALID,
        "the enrolment token is not usable: "
            + cause
            + "; copy it again, or make a new one with: holdfast token create");
  }

  @Override
  public void close() {
    secret.close();
  }
}
