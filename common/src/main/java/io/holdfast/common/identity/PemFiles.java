package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.Randomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keys and certificates as PEM files. A credential is one file, key and chain together, so that a
 * rotation that dies half way leaves the old pair or the new one and never one of each. Writes are
 * those of {@link SecretFile}: durable, mode 0600, whole or not at all.
 */
public final class PemFiles {
  private static final long CERTIFICATES_BYTES_MAX = 1 << 20;

  private PemFiles() {}

  /** Writes key (PKCS#8) and chain into one file. */
  public static void writeCredential(Path file, CertifiedKey credential) {
    byte[] pkcs8 = credential.privateKey().getEncoded();
    write(file, Pem.encode(Pem.PRIVATE_KEY, pkcs8) + encode(credential.chain()));
    Arrays.fill(pkcs8, (byte) 0);
  }

  /**
   * Reads what {@link #writeCredential} wrote. KEY_UNAVAILABLE, MALFORMED or CERTIFICATE_INVALID,
   * each naming the file.
   */
  public static CertifiedKey readCredential(Path file, Randomness randomness) {
    return readCredential(file, file, randomness);
  }

  /** As {@link #readCredential(Path, Randomness)}, with key and chain in files of their own. */
  public static CertifiedKey readCredential(Path key, Path chain, Randomness randomness) {
    return CertifiedKey.of(privateKey(key, readSecret(key)), readCertificates(chain), randomness);
  }

  /** Writes a signing key's two halves into one file. */
  public static void writeSigningKey(Path file, SigningKey key) {
    try (Secret pkcs8 = key.encode()) {
      write(
          file,
          Pem.encode(Pem.PRIVATE_KEY, pkcs8.toByteArray())
              + Pem.encode(Pem.PUBLIC_KEY, key.verifyingKey().encode()));
    }
  }

  /** Reads what {@link #writeSigningKey} wrote; KEY_UNAVAILABLE or MALFORMED. */
  public static SigningKey readSigningKey(Path file, Randomness randomness) {
    String text = readSecret(file);
    String what = file.toString();
    try (Secret pkcs8 = Secret.take(Pem.decodeOne(what, text, Pem.PRIVATE_KEY))) {
      byte[] publicKey = Pem.decodeOne(what, text, Pem.PUBLIC_KEY);
      return SigningKey.parse(pkcs8, publicKey, randomness);
    }
  }

  /** Writes certificates alone, readable by everybody. */
  public static void writeCertificates(Path file, List<X509Certificate> chain) {
    SecretFile.writePublic(file, encode(chain).getBytes(StandardCharsets.US_ASCII));
  }

  /** All certificates of {@code file}, at least one; KEY_UNAVAILABLE or CERTIFICATE_INVALID. */
  public static List<X509Certificate> readCertificates(Path file) {
    List<byte[]> ders = Pem.decode(file.toString(), readPublic(file), Pem.CERTIFICATE);
    if (ders.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID, file + " holds no certificate in PEM form");
    }
    return Certificates.parseChain(ders);
  }

  private static PrivateKey privateKey(Path file, String text) {
    byte[] pkcs8 = Pem.decodeOne(file.toString(), text, Pem.PRIVATE_KEY);
    try {
      return P256.privateKey(pkcs8);
    } catch (HoldfastException e) {
      throw new HoldfastException(e.code(), file + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private static String encode(List<X509Certificate> chain) {
    return chain.stream()
        .map(certificate -> Pem.encode(Pem.CERTIFICATE, Certificates.encode(certificate)))
        .collect(Collectors.joining());
  }

  private static void write(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    SecretFile.write(file, bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  private static String readSecret(Path file) {
    try (Secret content = SecretFile.read(file)) {
      return new String(content.toByteArray(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String readPublic(Path file) {
    try {
      if (Files.size(file) > CERTIFICATES_BYTES_MAX) {
        throw new HoldfastException(
            ErrorCode.LIMIT_EXCEEDED, file + " is larger than 1 MiB and so no certificate file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE, "cannot read the certificates in " + file + ": " + e, e);
    }
  }
}
