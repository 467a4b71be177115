package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostDetails;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds hosts by what people call them. Opened details are kept, as many as the fleet has hosts:
 * they never change; a name that a host was given later goes before. Any thread.
 */
public final class HostDirectory {
  private static final Pattern WHOLE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern BEGINNING = Pattern.compile("[0-9a-f]{4,31}");
  private static final int NAMED_IN_ERROR_MAX = 10;

  private final FleetPorts ports;
  private final Map<HostId, HostDetails> opened = new ConcurrentHashMap<>();

  public HostDirectory(FleetPorts ports) {
    this.ports = ports;
  }

  /** Every host ever enrolled, in the order of ids. */
  public List<NamedHost> all() {
    return ports.look(fleet -> {
      Map<HostId, Mutation> renames = fleet.renames();
      return fleet.hosts().stream()
          .map(host -> named(host, Optional.ofNullable(renames.get(host.id()))))
          .toList();
    });
  }

  /** A host by its id; HOST_NOT_FOUND. */
  public NamedHost get(HostId id) {
    return ports
        .look(fleet -> fleet.host(id).map(host -> named(host, fleet.rename(id))))
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

  private NamedHost named(EnrolledHost host, Optional<Mutation> rename) {
    HostDetails details = opened.computeIfAbsent(host.id(), id -> open(host));
    return new NamedHost(host, rename.map(given -> renamed(details, given)).orElse(details));
  }

  private HostDetails renamed(HostDetails details, Mutation rename) {
    return ports
        .mutations()
        .open(rename)
        .map(given -> details.toBuilder().setName(given.getHostRename().getName()).build())
        .orElse(details);
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
