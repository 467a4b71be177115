package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates as DER, one at a time or a chain, leaf first. */
public final class Certificates {
  private Certificates() {}

  /** CERTIFICATE_INVALID unless {@code der} is exactly one X.509 certificate. */
  public static X509Certificate parse(byte[] der) {
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    try {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (in.available() > 0) {
        throw new CertificateException("followed by other bytes");
      }
      return certificate;
    } catch (CertificateException e) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID, "bytes that should be an X.509 certificate are not", e);
    }
  }

  /** As {@link #parse}, for each. */
  public static List<X509Certificate> parseChain(List<byte[]> ders) {
    return ders.stream().map(Certificates::parse).toList();
  }

  public static byte[] encode(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate that has no encoding", e);
    }
  }

  /** As {@link #encode}, for each. */
  public static List<byte[]> encodeChain(List<X509Certificate> chain) {
    return chain.stream().map(Certificates::encode).toList();
  }
}
