package io.holdfast.coordinator.job;

import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.coordinator.catalog.MovedHost;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.fleet.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * New keys for a host of a private repository, which nobody but the host can make: it is told to
 * begin anew, by a token made for it, and is another host from then on, which has the history of
 * what it was. Any thread.
 */
public final class KeyRenewals {
  private final FleetPorts ports;
  private final HostMoves moves;
  private final MoveOrders orders;
  private final Tokens tokens;
  private final Supplier<List<Endpoint>> addresses;

  /** {@code addresses} stand in the tokens; a host that begins anew asks those that it knows. */
  public KeyRenewals(
      FleetPorts ports,
      HostMoves moves,
      MoveOrders orders,
      Tokens tokens,
      Supplier<List<Endpoint>> addresses) {
    this.ports = ports;
    this.moves = moves;
    this.orders = orders;
    this.tokens = tokens;
    this.addresses = addresses;
  }

  /**
   * Orders {@code host} to begin anew, for {@code actor}, and answers what its id is then; empty if
   * it has not said so yet: it may still. Errors of {@link MoveOrders#renew} and {@link
   * Tokens#create}. After an error the host is what it was, and its token runs out unused.
   */
  public Optional<HostId> renew(NamedHost host, String actor) throws InterruptedException {
    moves.requireRenewable(host);
    Tokens.Wish wish = new Tokens.Wish(host.name(), Duration.ZERO, addresses.get());
    try (EnrolmentToken token = tokens.create(wish, actor).token()) {
      HostMoves.Goal goal = new HostMoves.Goal(token.secretHash(), token.addresses());
      orders.renew(host, goal, token.encode(), actor);
    }
    return ports
        .look(fleet -> fleet.move(host.id()))
        .filter(MovedHost::isDone)
        .map(move -> HostId.of(move.moved().getNewHost().toByteArray()));
  }
}
