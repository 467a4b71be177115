package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.MovedHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.fleet.Quotas;
import io.holdfast.coordinator.fleet.Revocations;
import io.holdfast.coordinator.fleet.Tokens;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.proto.stored.v1.CertificateIssued;
import io.holdfast.proto.wire.v1.CreateTokenAnswer;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.RevokeHostAnswer;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import io.holdfast.proto.wire.v1.SetHostQuotaAnswer;
import io.holdfast.proto.wire.v1.SetHostQuotaRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The Admin calls about hosts and tokens, without gRPC around them. Any thread; calls block. */
public final class AdminHosts {
  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final Tokens tokens;
  private final Revocations revocations;
  private final Quotas quotas;
  private final HostMoves moves;
  private final Jobs jobs;
  private final Supplier<List<Endpoint>> ownAddresses;

  /** Tokens carry {@code ownAddresses} unless the operator names others. */
  public AdminHosts(
      FleetPorts ports,
      HostDirectory hosts,
      Tokens tokens,
      Revocations revocations,
      Quotas quotas,
      HostMoves moves,
      Jobs jobs,
      Supplier<List<Endpoint>> ownAddresses) {
    this.ports = ports;
    this.hosts = hosts;
    this.tokens = tokens;
    this.revocations = revocations;
    this.quotas = quotas;
    this.moves = moves;
    this.jobs = jobs;
    this.ownAddresses = ownAddresses;
  }

  /** What is counted over a host's snapshots. */
  private record Tally(long snapshots, StoredSnapshot last) {
    static Tally of(StoredSnapshot snapshot) {
      return new Tally(1, snapshot);
    }

    Tally and(Tally other) {
      return new Tally(
          snapshots + other.snapshots,
          other.last.timeMillis() >= last.timeMillis() ? other.last : last);
    }
  }

  /** What became of hosts. */
  private record Lives(
      Set<HostId> decommissioned,
      Set<HostId> erased,
      Map<HostId, HostId> formers,
      Map<HostId, MovedHost> moves) {}

  /** Hands every host to {@code out}, revoked ones included. Reads through all snapshots once. */
  public void listHosts(Consumer<Host> out) {
    Map<HostId, Tally> tallies = new HashMap<>();
    try (CatalogView view = ports.views().get()) {
      view.snapshots()
          .forEach(snapshot -> tallies.merge(snapshot.host(), Tally.of(snapshot), Tally::and));
    }
    Lives lives =
        ports.look(fleet ->
            new Lives(fleet.decommissioned(), fleet.erased(), fleet.formers(), fleet.moves()));
    for (NamedHost host : hosts.all()) {
      out.accept(describe(host, tallies.get(host.id()), lives));
    }
  }

  private Host describe(NamedHost host, Tally tally, Lives lives) {
    Host.Builder out =
        Host.newBuilder()
            .setHost(bytes(host.id()))
            .setName(host.name())
            .setConnected(jobs.isConnected(host.id()))
            .setRevoked(host.isRevoked())
            .setDecommissioned(lives.decommissioned().contains(host.id()))
            .setErased(lives.erased().contains(host.id()))
            .setEnrolledMillis(host.host().timeMillis())
            .setCertificateExpiresMillis(certificateExpiresMillis(host.id()))
            .setFacts(Facts.view(host.details()))
            .setStoredBytes(quotas.stored(host.id()))
            .setQuotaBytes(quotas.of(host.id()));
    Optional.ofNullable(lives.formers().get(host.id()))
        .map(AdminHosts::bytes)
        .ifPresent(out::setFormer);
    Optional.ofNullable(lives.moves().get(host.id())).map(moves::show).ifPresent(out::setMove);
    if (tally != null) {
      out.setSnapshots(tally.snapshots())
          .setLastBackupMillis(tally.last().timeMillis())
          .setLastSnapshot(ByteString.copyFrom(tally.last().id().toByteArray()));
    }
    return out.build();
  }

  private long certificateExpiresMillis(HostId host) {
    return ports.look(fleet -> fleet.certificates(host)).stream()
        .mapToLong(CertificateIssued::getExpiresMillis)
        .max()
        .orElse(0);
  }

  /** Makes a token for {@code actor}. INVALID_ARGUMENT; errors of the journal. */
  public CreateTokenAnswer createToken(CreateTokenRequest request, String actor)
      throws InterruptedException {
    List<Endpoint> addresses =
        request.getAddressesCount() == 0
            ? ownAddresses.get()
            : request.getAddressesList().stream().map(Endpoint::parse).toList();
    Duration life = Duration.ofSeconds(request.getValidSeconds());
    Tokens.NewToken made =
        tokens.create(new Tokens.Wish(request.getHostName(), life, addresses), actor);
    try (var token = made.token()) {
      return CreateTokenAnswer.newBuilder()
          .setToken(token.encode())
          .setExpiresMillis(made.expires().toEpochMilli())
          .build();
    }
  }

  /** Shuts a host out for {@code actor}. HOST_NOT_FOUND, INVALID_ARGUMENT if ambiguous. */
  public RevokeHostAnswer revokeHost(RevokeHostRequest request, String actor)
      throws InterruptedException {
    HostId host = hosts.find(request.getHost()).id();
    revocations.revoke(host, actor);
    return RevokeHostAnswer.newBuilder().setHost(bytes(host)).build();
  }

  /** Sets a host's quota for {@code actor}. HOST_NOT_FOUND, INVALID_ARGUMENT if ambiguous. */
  public SetHostQuotaAnswer setHostQuota(SetHostQuotaRequest request, String actor)
      throws InterruptedException {
    NamedHost host = hosts.find(request.getHost());
    quotas.set(host, request.getBytes(), actor);
    return SetHostQuotaAnswer.newBuilder().setHost(bytes(host.id())).build();
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }
}
