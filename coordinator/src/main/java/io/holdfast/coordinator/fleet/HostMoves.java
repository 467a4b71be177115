package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolmentToken;
import io.holdfast.coordinator.catalog.MovedHost;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostMoveDetails;
import io.holdfast.proto.stored.v1.HostMoveOrdered;
import io.holdfast.proto.stored.v1.HostMoveRefused;
import io.holdfast.proto.stored.v1.HostMoved;
import io.holdfast.proto.stored.v1.HostReplaced;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.BeginMoveAnswer;
import io.holdfast.proto.wire.v1.BeginMoveRequest;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import io.holdfast.proto.wire.v1.HostMove;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts that go to another repository, as this one sees it. Any thread.
 *
 * <pre>
 *   here     ordered  order, or begin by the host itself: recorded, and nothing else changes
 *   ordered  here     refused: the host says that it doesn't go
 *   ordered  moved    complete: the host says that it is there
 *   here     moved    the same; the order was lost with records of this journal
 *   moved    revoked  HostRevoked: it may not even read any more
 * </pre>
 *
 * <p>A host of a private repository that begins anew with new keys goes the same way, to this very
 * repository: it is another host here, by a token that was made for it, and has the history of what
 * it was.
 *
 * <p>That a host moved is its own word, signed by the key that signs its commits (its TLS key alone
 * ends nothing): nothing but the host knows whether its new identity is durable.
 */
public final class HostMoves {
  private static final Logger LOG = LoggerFactory.getLogger(HostMoves.class);
  private static final int ID_BYTES = 16;
  private static final int ADDRESSES_MAX = 16;
  private static final int SIGNATURE_BYTES = 64;

  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final OpenCalls calls;
  private final Audits audits;
  private volatile Consumer<HostId> moved = ignored -> {};

  public HostMoves(FleetPorts ports, HostDirectory hosts, OpenCalls calls) {
    this.ports = ports;
    this.hosts = hosts;
    this.calls = calls;
    this.audits = new Audits(ports.mutations());
  }

  /**
   * Where a host is to go.
   *
   * @param tokenSha256 of the secret of a token that was made there
   * @param addresses of its coordinators
   */
  public record Goal(Bytes32 tokenSha256, List<Endpoint> addresses) {
    public Goal {
      addresses = List.copyOf(addresses);
    }

    private List<String> shown() {
      return addresses.stream().map(Endpoint::toString).toList();
    }

    @Override
    public String toString() {
      return "the repository at " + String.join(", ", shown());
    }
  }

  /** Who is told, at once and by any thread, that a host has moved; must not wait. */
  public void onMoved(Consumer<HostId> listener) {
    moved = listener;
  }

  /**
   * INVALID_ARGUMENT for a token of this repository itself; HOST_REVOKED for a host that isn't of
   * it any more.
   */
  public void requireMovable(NamedHost host, Goal goal) {
    if (ports.look(fleet -> fleet.token(goal.tokenSha256())).isPresent()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "the token was made by this repository, of which "
              + host
              + " is already; make one at a coordinator of the other repository, by: holdfast token"
              + " create");
    }
    if (host.isRevoked()) {
      throw new HoldfastException(ErrorCode.HOST_REVOKED, host + gone(host.id()));
    }
  }

  /** INVALID_ARGUMENT in a shared repository, HOST_REVOKED: {@code host} can't begin anew here. */
  public void requireRenewable(NamedHost host) {
    try (CatalogView view = ports.views().get()) {
      if (!view.repository().isPrivate()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "repository "
                + ports.repository()
                + " is shared: the keys of chunks are all hosts' at once; leave the host out");
      }
    }
    if (host.isRevoked()) {
      throw new HoldfastException(ErrorCode.HOST_REVOKED, host + gone(host.id()));
    }
  }

  private String gone(HostId host) {
    return find(host)
        .filter(found -> found.move().isDone())
        .map(found -> " was moved already, to " + found.shown())
        .orElse(" was revoked and takes no orders; enrol it at the other repository by its token");
  }

  /** Whether {@code host} has gone by the very token of {@code goal}. */
  public boolean isDone(NamedHost host, Goal goal) {
    return find(host.id())
        .filter(found -> found.move().isDone())
        .filter(found -> found.move().tokenSha256().equals(bytes(goal.tokenSha256())))
        .isPresent();
  }

  /**
   * Records that {@code host} is to go, for {@code actor}; the move's id. Errors of the journal.
   */
  public ByteString order(NamedHost host, Goal goal, String actor) throws InterruptedException {
    return order(host, goal, actor, "to go to " + goal);
  }

  /**
   * Records that {@code host} is to begin anew here, by the token of {@code goal}; as the other.
   */
  public ByteString orderRenewal(NamedHost host, Goal goal, String actor)
      throws InterruptedException {
    return order(host, goal, actor, "to begin anew here, with new keys");
  }

  private ByteString order(NamedHost host, Goal goal, String actor, String what)
      throws InterruptedException {
    ByteString move = ByteString.copyFrom(ports.randomness().bytes(ID_BYTES));
    HostMoveOrdered ordered =
        HostMoveOrdered.newBuilder()
            .setHost(bytes(host.id()))
            .setMove(move)
            .setTokenSha256(bytes(goal.tokenSha256()))
            .build();
    ports.append(
        seal(Change.newBuilder().setHostMoveOrdered(ordered), actor, goal.shown()),
        audits.of(actor.isEmpty() ? host.toString() : actor, "move", Optional.of(host.id()), what));
    return move;
  }

  private Mutation seal(Change.Builder change, String actor, List<String> coordinators) {
    HostMoveDetails details =
        HostMoveDetails.newBuilder().setActor(actor).addAllCoordinators(coordinators).build();
    return ports
        .mutations()
        .seal(change.build(), Details.newBuilder().setHostMove(details).build());
  }

  /** Records that {@code host} didn't go, and {@code why}. Errors of the journal. */
  public void refused(NamedHost host, ByteString move, String actor, String why)
      throws InterruptedException {
    HostMoveRefused refused =
        HostMoveRefused.newBuilder().setHost(bytes(host.id())).setMove(move).build();
    ports.append(
        MutationSealer.clear(Change.newBuilder().setHostMoveRefused(refused).build()),
        audits.of(actor, "move", Optional.of(host.id()), "did not go: " + why));
  }

  /**
   * {@code host}, whom TLS has verified, is about to go, by the will of who is root there. Errors
   * of {@link #requireMovable} and of the journal.
   */
  public BeginMoveAnswer begin(HostId host, BeginMoveRequest request) throws InterruptedException {
    NamedHost named = hosts.get(host);
    if (request.getTokenSha256().size() != Bytes32.LENGTH) {
      throw invalid(host, "its token's hash does not have 32 bytes");
    }
    Goal goal =
        new Goal(
            Bytes32.of(request.getTokenSha256().toByteArray()),
            addresses(host, request.getAddressesList()));
    requireMovable(named, goal);
    order(named, goal, "");
    return BeginMoveAnswer.getDefaultInstance();
  }

  /**
   * {@code host}, whom TLS has verified, has gone: from here on no order and no policy is for it,
   * and its open calls here are ended. Repeating it does nothing. HOST_REVOKED for one that was
   * locked out; SIGNATURE_INVALID; INVALID_ARGUMENT; errors of the journal.
   */
  public void complete(HostId host, CompleteMoveRequest request) throws InterruptedException {
    if (ports.look(fleet -> fleet.isMovedAway(host))) {
      return;
    }
    HostMoved change = change(host, request);
    List<String> there =
        addresses(host, request.getAddressesList()).stream().map(Endpoint::toString).toList();
    requireSigned(host, request);
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(seal(Change.newBuilder().setHostMoved(change), "", there));
    if (isOwn(change.getRepository())) {
      mutations.add(replaced(change));
    }
    mutations.add(
        audits.of(
            hosts.get(host).toString(),
            "move",
            Optional.of(host),
            (isOwn(change.getRepository())
                    ? "began anew here"
                    : "moved to repository "
                        + RepositoryId.of(change.getRepository().toByteArray())
                        + " at "
                        + String.join(", ", there))
                + ", as host "
                + HostId.of(change.getNewHost().toByteArray())));
    ports.append(mutations.toArray(Mutation[]::new));
    if (!ports.look(fleet -> fleet.isMovedAway(host))) {
      throw HostAuthority.revoked(host); // meanwhile
    }
    LOG.info("host {} has moved to the repository at {}", host, String.join(", ", there));
    calls.abort(host, HostAuthority.movedAway(host));
    moved.accept(host);
  }

  private HostMoved change(HostId host, CompleteMoveRequest request) {
    boolean isWhole =
        request.getFleet().size() == ID_BYTES
            && request.getRepository().size() == ID_BYTES
            && request.getNewHost().size() == ID_BYTES;
    if (!isWhole) {
      throw invalid(host, "an id does not have 16 bytes");
    }
    if (isOwn(request.getRepository()) && !isLetInAnew(host, request.getNewHost())) {
      throw invalid(host, "it says that it moved to the repository that it was in");
    }
    return HostMoved.newBuilder()
        .setHost(bytes(host))
        .setFleet(request.getFleet())
        .setRepository(request.getRepository())
        .setNewHost(request.getNewHost())
        .build();
  }

  private boolean isOwn(ByteString repository) {
    return repository.equals(ByteString.copyFrom(ports.repository().toByteArray()));
  }

  /** By the token that was made for {@code host} to begin anew. */
  private boolean isLetInAnew(HostId host, ByteString newHost) {
    HostId anew = HostId.of(newHost.toByteArray());
    return ports.look(fleet ->
        fleet
            .move(host)
            .map(MovedHost::tokenSha256)
            .filter(hash -> hash.size() == Bytes32.LENGTH)
            .flatMap(hash -> fleet.token(Bytes32.of(hash.toByteArray())))
            .flatMap(EnrolmentToken::usedBy)
            .filter(anew::equals)
            .filter(letIn -> fleet.former(letIn).isEmpty())
            .isPresent());
  }

  private static Mutation replaced(HostMoved change) {
    HostReplaced replaced =
        HostReplaced.newBuilder()
            .setFormer(change.getHost())
            .setSuccessor(change.getNewHost())
            .build();
    return MutationSealer.clear(Change.newBuilder().setHostReplaced(replaced).build());
  }

  private void requireSigned(HostId host, CompleteMoveRequest request) {
    if (request.getSignature().size() != SIGNATURE_BYTES) {
      throw new HoldfastException(
          ErrorCode.SIGNATURE_INVALID,
          "the move of host "
              + host
              + " is refused: its word is not signed; is its agent of an older version?");
    }
    ByteString signingKey =
        ports
            .look(fleet -> fleet.host(host))
            .orElseThrow(() -> HostAuthority.unknown(host))
            .enrolled()
            .getSigningKey();
    VerifyingKey.parse(signingKey.toByteArray())
        .check(
            "the word of host " + host + " that it moved",
            SigningDomain.HOST_MOVED,
            Signature.of(request.getSignature().toByteArray()),
            ports.repository().toByteArray(),
            host.toByteArray(),
            request.getFleet().toByteArray(),
            request.getRepository().toByteArray(),
            request.getNewHost().toByteArray());
  }

  private static List<Endpoint> addresses(HostId host, List<String> texts) {
    if (texts.isEmpty() || texts.size() > ADDRESSES_MAX) {
      throw invalid(host, "it names " + texts.size() + " addresses");
    }
    return texts.stream().map(Endpoint::parse).toList();
  }

  private static HoldfastException invalid(HostId host, String cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "the move of host " + host + " is refused: " + cause + "; are both sides of one version?");
  }

  /** A move, and where it leads. */
  private record Found(MovedHost move, List<String> coordinators) {
    String shown() {
      return String.join(", ", coordinators) + " at " + Instant.ofEpochMilli(move.movedMillis());
    }
  }

  private Optional<Found> find(HostId host) {
    return ports.look(fleet -> fleet.move(host)).map(move -> new Found(move, coordinators(move)));
  }

  private List<String> coordinators(MovedHost move) {
    return ports
        .mutations()
        .open(move.mutation())
        .map(details -> details.getHostMove().getCoordinatorsList())
        .map(List::<String>copyOf)
        .orElse(List.of());
  }

  /** How {@code move} is shown to people. */
  public HostMove show(MovedHost move) {
    return HostMove.newBuilder()
        .addAllCoordinators(coordinators(move))
        .setOrderedMillis(move.orderedMillis())
        .setMovedMillis(move.movedMillis())
        .setRepository(move.moved().getRepository())
        .setNewHost(move.moved().getNewHost())
        .build();
  }

  /** How the move of {@code host} is shown; the default message if there is none. */
  public HostMove show(HostId host) {
    return ports
        .look(fleet -> fleet.move(host))
        .map(this::show)
        .orElse(HostMove.getDefaultInstance());
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }

  private static ByteString bytes(Bytes32 hash) {
    return ByteString.copyFrom(hash.toByteArray());
  }
}
