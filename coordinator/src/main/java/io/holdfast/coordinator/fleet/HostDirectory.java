package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.HostRevisions;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostDetails;
import io.holdfast.proto.stored.v1.Mutation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds hosts by what people call them, and says what counts of them: a name, labels and facts that
 * came later go before those of the enrolment. What was opened is kept, a few records for each host
 * of the fleet. Any thread.
 */
public final class HostDirectory {
  private static final Pattern WHOLE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern BEGINNING = Pattern.compile("[0-9a-f]{4,31}");
  private static final int NAMED_IN_ERROR_MAX = 10;

  private final FleetPorts ports;
  private final Map<HostId, HostDetails> enrolments = new ConcurrentHashMap<>();
  private final Map<HostId, Opened> names = new ConcurrentHashMap<>();
  private final Map<HostId, Opened> labels = new ConcurrentHashMap<>();
  private final Map<HostId, Opened> facts = new ConcurrentHashMap<>();

  /** A mutation and its sealed part, which is empty if it doesn't open. */
  private record Opened(Mutation mutation, Optional<Details> details) {}

  public HostDirectory(FleetPorts ports) {
    this.ports = ports;
  }

  /** Every host ever enrolled, in the order of ids. */
  public List<NamedHost> all() {
    return ports.look(fleet -> {
      Map<HostId, HostRevisions> revisions = fleet.revisions();
      return fleet.hosts().stream()
          .map(host -> named(host, revisions.getOrDefault(host.id(), HostRevisions.NONE)))
          .toList();
    });
  }

  /** A host by its id; HOST_NOT_FOUND. */
  public NamedHost get(HostId id) {
    return ports
        .look(fleet -> fleet.host(id).map(host -> named(host, fleet.revisions(id))))
        .orElseThrow(() -> notFound(id.toString()));
  }

  /**
   * The one host called {@code text}: its whole id, its name, or at least 4 digits that its id
   * begins with. Revoked hosts are looked at only if no other fits. HOST_NOT_FOUND, or
   * INVALID_ARGUMENT that names the candidates: two hosts of one name are never guessed between.
   */
  public NamedHost find(String text) {
    if (WHOLE_ID.matcher(text).matches()) {
      return get(HostId.parse(text));
    }
    List<NamedHost> fitting = all().stream().filter(isCalled(text)).toList();
    List<NamedHost> current = fitting.stream().filter(host -> !host.isRevoked()).toList();
    List<NamedHost> candidates = current.isEmpty() ? fitting : current;
    if (candidates.size() > 1) {
      throw ambiguous(text, candidates);
    }
    return candidates.stream().findFirst().orElseThrow(() -> notFound(text));
  }

  private static Predicate<NamedHost> isCalled(String text) {
    boolean maybeId = BEGINNING.matcher(text).matches();
    return host ->
        !text.isEmpty()
            && (host.name().equals(text) || (maybeId && host.id().toString().startsWith(text)));
  }

  private NamedHost named(EnrolledHost host, HostRevisions later) {
    HostDetails enrolled = enrolments.computeIfAbsent(host.id(), id -> open(host));
    if (later.equals(HostRevisions.NONE)) {
      return new NamedHost(host, enrolled, Map.of());
    }
    HostDetails.Builder details = enrolled.toBuilder();
    open(host.id(), later.rename(), names)
        .ifPresent(given -> details.setName(given.getHostRename().getName()));
    open(host.id(), later.labels(), labels)
        .map(given -> given.getHostLabels().getLabelsMap())
        .ifPresent(given -> details.clearLabels().putAllLabels(given));
    open(host.id(), later.facts(), facts)
        .map(Details::getHostFacts)
        .ifPresent(told -> Facts.put(told, details));
    Map<PolicyId, Instant> moved = new HashMap<>();
    later.moved().forEach((policy, millis) -> moved.put(policy, Instant.ofEpochMilli(millis)));
    return new NamedHost(host, details.build(), moved);
  }

  private Optional<Details> open(HostId host, Optional<Mutation> newest, Map<HostId, Opened> kept) {
    return newest.flatMap(mutation -> {
      Opened known = kept.get(host);
      if (known == null || !known.mutation().equals(mutation)) {
        known = new Opened(mutation, ports.mutations().open(mutation));
        kept.put(host, known);
      }
      return known.details();
    });
  }

  private HostDetails open(EnrolledHost host) {
    return ports
        .mutations()
        .open(host.mutation())
        .map(Details::getHost)
        .orElse(HostDetails.getDefaultInstance());
  }

  private static HoldfastException notFound(String text) {
    return new HoldfastException(
        ErrorCode.HOST_NOT_FOUND,
        "no host is called \""
            + text
            + "\", and no id begins so; see the names and ids with: holdfast host ls");
  }

  private static HoldfastException ambiguous(String text, List<NamedHost> candidates) {
    String ids =
        candidates.stream()
            .limit(NAMED_IN_ERROR_MAX)
            .map(host -> host.name() + " = " + host.id())
            .collect(Collectors.joining(", "));
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "\""
            + text
            + "\" fits "
            + candidates.size()
            + " hosts: "
            + ids
            + "; give the id of the one you mean");
  }
}
