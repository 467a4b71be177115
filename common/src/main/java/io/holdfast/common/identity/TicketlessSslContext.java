package io.holdfast.common.identity;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLEngine;

/**
 * A server's context that issues no session ticket (RFC 8446, section 4.6.1), so that every
 * connection is a full handshake with its certificates judged anew. Netty turns tickets on per
 * engine for TLS 1.3, hence per engine they are turned off; the JDK issues none where a session
 * would outlive the seven days that the RFC allows a ticket.
 */
final class TicketlessSslContext extends DelegatingSslContext {
  /** Beyond seven days. */
  static final long TIMEOUT_SECONDS = 8 * 24 * 3600;

  TicketlessSslContext(SslContext context) {
    super(context);
  }

  @Override
  protected void initEngine(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine openSsl) {
      SSL.setOptions(openSsl.sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
  }
}
