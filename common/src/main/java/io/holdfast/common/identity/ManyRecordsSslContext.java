package io.holdfast.common.identity;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * A context of BoringSSL whose engines take all records at hand in one call. gRPC asks for engines,
 * and Netty makes those so that they behave as the JDK's do, a record of 16 KiB a call; those of
 * its own handlers do without, so they are what gRPC gets here. Any thread.
 */
final class ManyRecordsSslContext extends SslContext {
  private final SslContext context;

  ManyRecordsSslContext(SslContext context) {
    this.context = context;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return context.newHandler(allocator).engine();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return context.newHandler(allocator, peerHost, peerPort).engine();
  }

  @Override
  public boolean isClient() {
    return context.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return context.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // the method's own type, which Netty has no other for
  public io.netty.handler.ssl.ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return context.applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return context.sessionContext();
  }
}
