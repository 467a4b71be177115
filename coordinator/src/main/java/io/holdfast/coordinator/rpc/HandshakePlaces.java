package io.holdfast.coordinator.rpc;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;

/**
 * A server's TLS context that takes so many handshakes at one time. Whoever comes when all places
 * are taken is hung up on at once, and comes back a little later, as agents do.
 *
 * <p>Without it, of ten thousand hosts that come back together most would wait for longer than
 * either side waits for a handshake, which is ten seconds: the work would be done for those who
 * have just gone away, and again for those who try again, for ever in the worst case. With it, what
 * is begun is ended within a second or two.
 *
 * <p>A place is given back when the handshake is over, and anyway after {@link #LONGEST}, though
 * the handshake may go on: whoever connects and says nothing keeps nobody out for long. Any thread.
 */
final class HandshakePlaces extends DelegatingSslContext {
  /** Handshakes a processor, of which it does some hundred a second. */
  static final int PLACES_A_PROCESSOR = 128;

  static final Duration LONGEST = Duration.ofSeconds(3);

  private record Taken(SSLEngine engine, long sinceNanos) {}

  private final int places;
  private final LongSupplier nanos;
  private final List<Taken> taken = new ArrayList<>();

  HandshakePlaces(SslContext context, int places, LongSupplier nanos) {
    super(context);
    this.places = places;
    this.nanos = nanos;
  }

  /** As many places as this machine can do in a second or two. */
  static HandshakePlaces of(SslContext context, LongSupplier nanos) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new HandshakePlaces(context, PLACES_A_PROCESSOR * processors, nanos);
  }

  @Override
  protected void initEngine(SSLEngine engine) {
    if (!take(engine)) {
      ReferenceCountUtil.release(engine);
      throw new CrowdedException();
    }
  }

  private synchronized boolean take(SSLEngine engine) {
    long now = nanos.getAsLong();
    if (taken.size() >= places) {
      giveBack(now);
    }
    return taken.size() < places && taken.add(new Taken(engine, now));
  }

  /** An engine that has agreed on a protocol is done, one that is closed or old won't be. */
  private void giveBack(long now) {
    for (Iterator<Taken> each = taken.iterator(); each.hasNext(); ) {
      Taken place = each.next();
      boolean free =
          place.engine().getApplicationProtocol() != null
              || place.engine().isOutboundDone()
              || place.engine().isInboundDone()
              || now - place.sinceNanos() > LONGEST.toNanos();
      if (free) {
        each.remove();
      }
    }
  }

  /** Ends a connection before anything was said on it; there is nothing to look for in a trace. */
  private static final class CrowdedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CrowdedException() {
      super("as many TLS handshakes are under way as there are places for", null, false, false);
    }
  }
}
