package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * Who a certificate says its holder is. Made by {@link FleetTrust}, which verifies first.
 *
 * @param fleet the fleet
 * @param principal role and id
 * @param certificate the leaf it was read from
 */
public record Identity(FleetId fleet, Principal principal, X509Certificate certificate) {
  /**
   * Reads {@code leaf} without verifying anything: only for chains that a handshake of {@link
   * TlsContexts} has accepted. CERTIFICATE_INVALID if it names nobody of a fleet.
   */
  public static Identity read(X509Certificate leaf) {
    return IdentityUri.read(leaf)
        .map(named -> new Identity(named.fleet(), named.principal(), leaf))
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.CERTIFICATE_INVALID,
                "the certificate "
                    + leaf.getSubjectX500Principal()
                    + " names no Holdfast host,"
                    + " coordinator or operator: it was made for something else"));
  }

  public BigInteger serial() {
    return certificate.getSerialNumber();
  }

  /** Name of the certified key. */
  public KeyId keyId() {
    return KeyId.of(certificate.getPublicKey());
  }

  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /** When to renew: after two thirds of the certificate's life. */
  public Instant renewAt() {
    long begin = certificate.getNotBefore().toInstant().getEpochSecond();
    long end = notAfter().getEpochSecond();
    return Instant.ofEpochSecond(begin + (end - begin) * 2 / 3);
  }

  @Override
  public String toString() {
    return principal.role() + " " + principal.id() + " of fleet " + fleet;
  }
}
