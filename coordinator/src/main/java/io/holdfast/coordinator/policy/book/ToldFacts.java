package io.holdfast.coordinator.policy.book;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.wire.v1.HostFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hosts told of themselves when they connected, until it counts. Any thread tells; one makes
 * rounds. Keeps one entry a host.
 *
 * <ol>
 *   <li>I1: no host waits for this, or is turned away for what it tells.
 *   <li>I2: what is so already writes nothing; what isn't, at most one record in {@link #PACE} for
 *       each host, whatever it tells, and {@link #ROUND_MAX} hosts a record. The last word counts.
 *   <li>I3: what may let stored snapshots go waits for a person, and is shown.
 * </ol>
 */
public final class ToldFacts {
  private static final Logger LOG = LoggerFactory.getLogger(ToldFacts.class);

  /** Between two looks at what one host tells, if there was something to do. */
  static final Duration PACE = Duration.ofMinutes(10);

  static final int ROUND_MAX = 256;

  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final TraitBook book;
  private final Map<HostId, HostFacts> told = new ConcurrentHashMap<>();
  private final Map<HostId, Waiting> waiting = new ConcurrentHashMap<>();

  /** Of the thread that makes rounds: when it last did something about a host. */
  private final Map<HostId, Long> nanos = new HashMap<>();

  private record Waiting(HostFacts facts, Instant since) {}

  public ToldFacts(FleetPorts ports, HostDirectory hosts, TraitBook book) {
    this.ports = ports;
    this.hosts = hosts;
    this.book = book;
  }

  /** {@code host} connected and told this; its name and its labels are for people to give. */
  public void tell(HostId host, HostFacts facts) {
    try {
      Facts.checkTold(facts);
    } catch (HoldfastException e) {
      LOG.warn("what host {} tells of itself doesn't count: {}", host, e.getMessage());
      return;
    }
    told.put(host, facts.toBuilder().clearName().clearLabels().build());
  }

  /** What {@code host} told and a person has to let count, as of the last look at it. */
  public Optional<HostFacts> waiting(HostId host) {
    return Optional.ofNullable(waiting.get(host)).map(Waiting::facts);
  }

  /** The hosts of which something waits, and since when. */
  public Map<HostId, Instant> waiting() {
    return waiting.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().since()));
  }

  /** Errors of the journal; the next round makes up for a failed one. */
  public void round() throws InterruptedException {
    if (told.isEmpty() || !leads()) {
      return;
    }
    long now = ports.time().nanos();
    nanos.values().removeIf(last -> now - last >= PACE.toNanos());
    List<TraitBook.Told> next = next();
    List<TraitChange> changes = next.isEmpty() ? List.of() : book.take(next);
    for (int i = 0; i < changes.size(); i++) {
      settle(next.get(i), changes.get(i), now);
    }
  }

  private Instant time() {
    return ports.time().now();
  }

  private boolean leads() {
    try {
      return ports.authority().get().getSeq() > 0;
    } catch (HoldfastException e) {
      return false; // who leads is told, too
    }
  }

  /** Forgets what is so already, and what hosts told that are out of service. */
  private List<TraitBook.Told> next() {
    List<TraitBook.Told> next = new ArrayList<>();
    for (NamedHost host : hosts.all()) {
      HostFacts facts = told.get(host.id());
      if (facts == null) {
        continue;
      }
      if (host.isRevoked() || Facts.with(host.details(), facts).equals(host.details())) {
        forget(host.id(), facts);
      } else if (!nanos.containsKey(host.id()) && next.size() < ROUND_MAX) {
        next.add(new TraitBook.Told(host, facts));
      }
    }
    return next;
  }

  private void forget(HostId host, HostFacts facts) {
    if (told.remove(host, facts)) {
      waiting.remove(host);
    }
  }

  private void settle(TraitBook.Told next, TraitChange change, long now) {
    HostId host = next.host().id();
    if (change.isNone()) {
      forget(host, next.facts());
      return;
    }
    nanos.put(host, now);
    if (change.letsGo()) {
      waiting.compute(
          host, (id, known) -> new Waiting(next.facts(), known == null ? time() : known.since()));
      LOG.warn(
          "host {} tells other facts of itself, {}, by which stored snapshots may go: this waits"
              + " until an admin lets it count (holdfast host facts {}){}",
          change.before(),
          TraitBook.facts(change),
          change.before().name(),
          change.words());
      return;
    }
    forget(host, next.facts());
    if (change.moves()) {
      LOG.warn(
          "host {} tells other facts of itself: {}{}",
          change.before(),
          TraitBook.facts(change),
          change.words());
    } else {
      LOG.info("host {} tells other facts of itself: {}", host, TraitBook.facts(change));
    }
  }
}
