package io.holdfast.common.identity;

import io.holdfast.common.seam.Time;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * The TLS contexts of the fleet, all TLS 1.3 with ALPN h2 and the fleet's root as their only trust:
 * for gRPC's Netty server and channel as they are. BoringSSL does the work where its native library
 * runs, at about twice the JDK's speed (measured), and the JDK where not. Any thread; made once and
 * shared.
 *
 * <p>A client may come without a certificate, because enrolling hosts have none yet: which calls
 * need one is decided per call by {@link FleetTrust#identify}. A certificate that is shown must be
 * good.
 */
public final class TlsContexts {
  private static final List<String> CIPHERS =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

  private final SslProvider provider;
  private final Time time;

  /** Of a given provider, for tests that try both. */
  TlsContexts(SslProvider provider, Time time) {
    this.provider = provider;
    this.time = time;
  }

  /** Certificates are judged by {@code time}. */
  public static TlsContexts of(Time time) {
    return new TlsContexts(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK, time);
  }

  /**
   * For a coordinator's listener. Shows the whole chain of {@code credential}, which must include
   * the root: enrolling agents know it by fingerprint only.
   */
  public SslContext server(ReloadableCredential credential, FleetTrust trust) {
    return new TicketlessSslContext(
        build(
            SslContextBuilder.forServer(credential.keyManager())
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(new FleetTrustManager(trust, time))
                .sessionTimeout(TicketlessSslContext.TIMEOUT_SECONDS)));
  }

  /** For whoever is enrolled. The server must show a coordinator's certificate of the fleet. */
  public SslContext client(ReloadableCredential credential, FleetTrust trust) {
    return build(client(trust).keyManager(credential.keyManager()));
  }

  /** For a person, whose token is shown call by call. The server is checked as by everybody. */
  public SslContext anonymous(FleetTrust trust) {
    return build(client(trust));
  }

  /** For a host that has nothing yet but the root's fingerprint from its token. */
  public SslContext enrolment(Fingerprint root) {
    return build(client(FleetTrust.following(root)));
  }

  private SslContextBuilder client(FleetTrust trust) {
    // No host name check: the trust manager knows better. See there.
    return SslContextBuilder.forClient()
        .trustManager(new FleetTrustManager(trust, time))
        .endpointIdentificationAlgorithm(null);
  }

  private SslContext build(SslContextBuilder builder) {
    try {
      SslContext context =
          builder
              .sslProvider(provider)
              .protocols("TLSv1.3")
              .ciphers(CIPHERS)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_2))
              .build();
      return provider == SslProvider.OPENSSL ? new ManyRecordsSslContext(context) : context;
    } catch (SSLException e) {
      throw new IllegalStateException("cannot set up TLS 1.3 with " + provider, e);
    }
  }
}
