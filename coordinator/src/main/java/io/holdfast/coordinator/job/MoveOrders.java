package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.wire.v1.MoveAnswer;
import io.holdfast.proto.wire.v1.MoveOrder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells hosts to go to another repository, and waits for what they say. Any thread.
 *
 * <p>The token goes to the host and nowhere else: it is in no record. So an order that was lost on
 * its way is given again by who gave it.
 */
public final class MoveOrders {
  /** For a host that has to make its keys and be enrolled elsewhere. */
  private static final Duration VALID = Duration.ofMinutes(1);

  private final FleetPorts ports;
  private final Jobs jobs;
  private final HostMoves moves;
  private final Duration wait;
  private final Map<ByteString, Waiting> waiting = new ConcurrentHashMap<>();

  /** Who waits for a host; completed empty once it went, with the reason if it doesn't. */
  private record Waiting(HostId host, CompletableFuture<Optional<HoldfastException>> outcome) {}

  /** Waits {@code wait} for each host. */
  public MoveOrders(FleetPorts ports, Jobs jobs, HostMoves moves, Duration wait) {
    this.ports = ports;
    this.jobs = jobs;
    this.moves = moves;
    this.wait = wait;
    jobs.onMoveAnswer(this::answered);
    moves.onMoved(this::moved);
  }

  /**
   * Orders {@code host} to go to {@code goal} by {@code token}, for {@code actor}. Returns once it
   * says that it did, or if it says nothing for long: it may still. Errors of {@link
   * HostMoves#requireMovable}, HOST_NOT_CONNECTED, BUSY while jobs of it run, what the host refuses
   * with, and errors of the journal.
   */
  public void move(NamedHost host, HostMoves.Goal goal, String token, String actor)
      throws InterruptedException {
    moves.requireMovable(host, goal);
    jobs.requireIdle(host.id(), host.toString());
    send(host, moves.order(host, goal, actor), token, false, actor);
  }

  /**
   * Orders {@code host} of a private repository to begin anew here by {@code token}, as {@link
   * #move} does; errors of {@link HostMoves#requireRenewable} in place of those of a move.
   */
  public void renew(NamedHost host, HostMoves.Goal goal, String token, String actor)
      throws InterruptedException {
    moves.requireRenewable(host);
    jobs.requireIdle(host.id(), host.toString());
    send(host, moves.orderRenewal(host, goal, actor), token, true, actor);
  }

  private void send(NamedHost host, ByteString move, String token, boolean renews, String actor)
      throws InterruptedException {
    Waiting now = new Waiting(host.id(), new CompletableFuture<>());
    waiting.put(move, now);
    try {
      jobs.sendMove(host, order(move, token, renews));
      Optional<HoldfastException> refusal = await(now);
      if (refusal.isPresent()) {
        throw refusal.get();
      }
    } catch (HoldfastException e) {
      moves.refused(host, move, actor, e.getMessage());
      throw e;
    } finally {
      waiting.remove(move);
    }
  }

  private MoveOrder order(ByteString move, String token, boolean renews) {
    return MoveOrder.newBuilder()
        .setMove(move)
        .setAuthority(ports.authority().get())
        .setValidMillis(VALID.toMillis())
        .setToken(token)
        .setRenews(renews)
        .build();
  }

  private Optional<HoldfastException> await(Waiting now) throws InterruptedException {
    try {
      return now.outcome().get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody completes it so
    }
  }

  private void answered(HostId host, MoveAnswer answer) {
    Waiting found = waiting.get(answer.getMove());
    if (found != null && found.host().equals(host)) {
      found.outcome().complete(Optional.of(RpcErrors.fromDetail(answer.getError())));
    }
  }

  private void moved(HostId host) {
    waiting.values().stream()
        .filter(each -> each.host().equals(host))
        .forEach(each -> each.outcome().complete(Optional.empty()));
  }
}
