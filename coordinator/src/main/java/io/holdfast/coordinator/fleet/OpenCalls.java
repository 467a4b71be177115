package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that hosts have open here, so that they end when their host is no longer welcome. A
 * revocation made at another coordinator is seen at the next {@link #poll} after its record was
 * applied here. As many entries as the listener allows calls. Any thread; one thread polls.
 *
 * <p>A host is looked up when it is first seen here and when its certificates run out; in between
 * only a revocation can end its welcome, and of those there are few: a poll over ten thousand hosts
 * reads next to nothing.
 */
public final class OpenCalls {
  private static final Logger LOG = LoggerFactory.getLogger(OpenCalls.class);

  /**
   * Calls of one host at a time: an agent needs three or four, each one beyond that is memory and a
   * thread that a host without manners takes from the others.
   */
  public static final int CALLS_PER_HOST_MAX = 64;

  /** Ends one call; called by any thread, once or more. */
  @FunctionalInterface
  public interface CallEnd {
    void abort(HoldfastException why);
  }

  private static final Set<ErrorCode> UNWELCOME =
      EnumSet.of(ErrorCode.NOT_ENROLLED, ErrorCode.HOST_REVOKED, ErrorCode.CERTIFICATE_EXPIRED);

  private final FleetPorts ports;
  private final HostAuthority authority;
  private final Map<HostId, Set<CallEnd>> open = new HashMap<>();

  // Of the thread that polls.
  private Map<HostId, Long> welcomeUntilMillis = new HashMap<>();
  private Set<HostId> revoked = Set.of();
  private long revokedAsOfSeq = -1;

  public OpenCalls(FleetPorts ports, HostAuthority authority) {
    this.ports = ports;
    this.authority = authority;
  }

  /**
   * To be called for each call that begins, with an object of its own. BUSY, and it doesn't begin,
   * if the host has too many open.
   */
  public synchronized void opened(HostId host, CallEnd call) {
    if (count(host) >= CALLS_PER_HOST_MAX) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          "host "
              + host
              + " has "
              + CALLS_PER_HOST_MAX
              + " calls open, as many as one host may; let some of them end first");
    }
    open.computeIfAbsent(host, id -> new HashSet<>()).add(call);
  }

  public synchronized void closed(HostId host, CallEnd call) {
    open.computeIfPresent(
        host,
        (id, calls) -> {
          calls.remove(call);
          return calls.isEmpty() ? null : calls;
        });
  }

  /** How many calls {@code host} has open. */
  public synchronized int count(HostId host) {
    return open.getOrDefault(host, Set.of()).size();
  }

  /** Ends every call of {@code host}. */
  public void abort(HostId host, HoldfastException why) {
    List<CallEnd> ended = calls(host);
    if (!ended.isEmpty()) {
      LOG.info("{} calls of host {} end: {}", ended.size(), host, why.getMessage());
      ports.meter().callsEnded(ended.size());
    }
    ended.forEach(call -> call.abort(why));
  }

  private synchronized List<CallEnd> calls(HostId host) {
    return List.copyOf(open.getOrDefault(host, Set.of()));
  }

  private synchronized List<HostId> hosts() {
    return List.copyOf(open.keySet());
  }

  /** Ends the calls of hosts that the catalog no longer welcomes. To be called every second. */
  public void poll() {
    List<HostId> hosts = hosts();
    Map<HostId, Long> before = welcomeUntilMillis;
    welcomeUntilMillis = new HashMap<>();
    if (hosts.isEmpty()) {
      return;
    }
    Map<HostId, HoldfastException> unwelcome = new HashMap<>();
    try (CatalogView view = ports.views().get()) {
      renewRevoked(view);
      for (HostId host : hosts) {
        try {
          welcomeUntilMillis.put(host, welcomeUntil(host, before.get(host), view));
        } catch (HoldfastException e) {
          if (!UNWELCOME.contains(e.code())) {
            throw e; // nothing was learnt about the host
          }
          unwelcome.put(host, e);
        }
      }
    }
    unwelcome.forEach(this::abort);
  }

  private void renewRevoked(CatalogView view) {
    long seq = view.appliedSeq();
    if (seq != revokedAsOfSeq) {
      revoked = view.fleet().revoked();
      revokedAsOfSeq = seq;
    }
  }

  private long welcomeUntil(HostId host, Long known, CatalogView view) {
    boolean holds =
        known != null && known >= ports.time().now().toEpochMilli() && !revoked.contains(host);
    return holds ? known : authority.welcomeUntilMillis(view.fleet(), host);
  }
}
