package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * {@link FleetTrust} as TLS asks for it. Deliberately without any check of host names: who a server
 * is stands in its URI, and the same fleet is reached under many names and addresses. Being an
 * extended trust manager keeps the TLS stack from adding such a check by itself. The codes in what
 * it throws choose the alert that the other side gets to see; the JDK's stack ignores them.
 */
final class FleetTrustManager extends X509ExtendedTrustManager {
  private final FleetTrust trust;
  private final Time time;

  FleetTrustManager(FleetTrust trust, Time time) {
    this.trust = trust;
    this.time = time;
  }

  private void check(X509Certificate[] chain, Purpose purpose) throws CertificateException {
    try {
      trust.verify(List.of(chain), purpose, time.now());
    } catch (HoldfastException e) {
      throw new OpenSslCertificateException(
          e.getMessage(),
          e,
          e.code() == ErrorCode.CERTIFICATE_EXPIRED
              ? CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED
              : CertificateVerifier.X509_V_ERR_CERT_REJECTED);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, Purpose.TLS_CLIENT);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, Purpose.TLS_CLIENT);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, Purpose.TLS_CLIENT);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, Purpose.TLS_SERVER);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, Purpose.TLS_SERVER);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, Purpose.TLS_SERVER);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.roots().toArray(X509Certificate[]::new);
  }
}
