package io.holdfast.coordinator.metrics;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a certificate is good for.
 *
 * @param name what it is for: one of a few
 */
public record CertificateLife(String name, Instant from, Instant until) {
  /** What is left of it when somebody should look: what renews itself did so long before. */
  private static final int WARN_SHARE = 5;

  public static CertificateLife of(String name, X509Certificate certificate) {
    return new CertificateLife(
        name, certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  /** Whether less than a fifth of its life is left at {@code now}. */
  public boolean runsOut(Instant now) {
    Duration last = Duration.between(from, until).dividedBy(WARN_SHARE);
    return now.isAfter(until.minus(last));
  }
}
