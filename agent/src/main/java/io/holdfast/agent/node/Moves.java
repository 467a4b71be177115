package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.HostMove;
import io.holdfast.agent.enrolment.HostRecord;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.agent.link.MoveHandler;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.BeginMoveRequest;
import java.util.List;

/**
 * Moves of this host to another repository: by order, as far as its own configuration allows them,
 * and by whoever is root here. One thread.
 */
public final class Moves {
  private final AgentConfig config;
  private final StateDirectory state;
  private final Time time;
  private final Randomness randomness;

  public Moves(AgentConfig config, Time time, Randomness randomness) {
    this.config = config;
    this.state = StateDirectory.open(config.dataDir());
    this.time = time;
    this.randomness = randomness;
  }

  /**
   * Carries out orders; {@code decided} is called once the agent has to start anew as what it is
   * then.
   */
  MoveHandler byOrder(Runnable decided) {
    return (token, renews) -> {
      try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
        if (renews) {
          renew(parsed);
        } else {
          move(parsed);
        }
      }
      decided.run();
    };
  }

  private void move(EnrolmentToken token) {
    try (EnrolmentToken allowed = allowed(token)) {
      refuseOwnAddresses(allowed);
      new HostMove(state, time, randomness).decide(allowed, LocalFacts.of(config));
    }
  }

  /** Whoever orders it can't send this host anywhere: it asks whom it has asked until now. */
  private void renew(EnrolmentToken token) {
    try (HostIdentity present = HostIdentity.load(state, randomness)) {
      List<Endpoint> own =
          config.endpoints().isEmpty() ? present.record().coordinators() : config.endpoints();
      try (EnrolmentToken asked = new EnrolmentToken(own, token.root(), token.secret())) {
        new HostMove(state, time, randomness).renew(asked, LocalFacts.of(config));
      }
    }
  }

  /** The token with those addresses alone that an order may send this host to. */
  private EnrolmentToken allowed(EnrolmentToken token) {
    List<Endpoint> allowed =
        token.addresses().stream()
            .filter(at -> config.move().anywhere() || isIn(config.move().allow(), at))
            .toList();
    if (allowed.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.TARGET_NOT_ALLOWED,
          "this host's own configuration doesn't let an order move it to "
              + token.addresses()
              + ": have move.allow in its agent.yaml name one of these and the agent started again,"
              + " or move it there, with the agent stopped, by: holdfast agent move");
    }
    return new EnrolmentToken(allowed, token.root(), token.secret());
  }

  private static boolean isIn(List<HostPort> some, Endpoint at) {
    return some.stream()
        .anyMatch(each -> each.host().equalsIgnoreCase(at.host()) && each.port() == at.port());
  }

  /** An agent that is told whom to call goes on calling them, whatever repository it is of. */
  private void refuseOwnAddresses(EnrolmentToken token) {
    boolean leadsBack =
        !config.coordinators().isEmpty()
            && token.addresses().stream().noneMatch(at -> isIn(config.coordinators(), at));
    if (leadsBack) {
      throw new HoldfastException(
          ErrorCode.INVALID_CONFIGURATION,
          "coordinators in this host's agent.yaml names "
              + config.coordinators()
              + ", which it would go on calling after the move: take that key out, or let it name "
              + token.addresses()
              + ", and try again");
    }
  }

  /**
   * Takes this host there by {@code token}, for whoever is root here, with no agent running; or
   * finishes what was decided before. Returns what it is called there.
   *
   * <p>BUSY while an agent runs; errors of its coordinator, unless it isn't asked; those of {@link
   * HostMove#decide}.
   *
   * @param asksFormer whether the present coordinator has to know of it first
   */
  public HostRecord run(EnrolmentToken token, boolean asksFormer) throws InterruptedException {
    HeldLock lock = state.hold(FileSystem.local());
    try {
      if (!HostMove.isDecided(state)) {
        refuseOwnAddresses(token);
        try (HostIdentity present = HostIdentity.load(state, randomness)) {
          if (asksFormer) {
            announce(present, token);
          }
        }
        new HostMove(state, time, randomness).decide(token, LocalFacts.of(config));
      }
      finish(config, state, time);
    } finally {
      StateDirectory.release(lock);
    }
    try (FormerHosts formers = FormerHosts.open(state, time, randomness)) {
      formers.round();
    }
    return HostIdentity.record(state);
  }

  private void announce(HostIdentity present, EnrolmentToken token) {
    BeginMoveRequest request =
        BeginMoveRequest.newBuilder()
            .setTokenSha256(ByteString.copyFrom(token.secretHash().toByteArray()))
            .addAllAddresses(token.addresses().stream().map(Endpoint::toString).toList())
            .build();
    try (CoordinatorChannel channel =
        new CoordinatorChannel(
            HostMove.formerAddresses(present.record(), config.endpoints(), token.addresses()),
            TlsContexts.of(time).client(present.credential(), present.trust()))) {
      announce(channel, request);
    }
  }

  private static void announce(CoordinatorChannel channel, BeginMoveRequest request) {
    HoldfastException last = null;
    for (int i = 0; i < channel.endpointCount(); i++) {
      Line line = channel.line();
      try {
        EnrolmentCalls.beginMove(line, request);
        return;
      } catch (HoldfastException e) {
        if (!isWorthAnotherAddress(e)) {
          throw e;
        }
        channel.failed(line);
        last = e;
      }
    }
    throw last.kind() == ErrorKind.RETRY
        ? new HoldfastException(
            last.code(),
            "the present repository could not be told that this host goes: "
                + last.getMessage()
                + "; if it is gone for good, add --former-is-gone",
            last)
        : last;
  }

  /** Somebody else may be at an address by now. */
  private static boolean isWorthAnotherAddress(HoldfastException failure) {
    return failure.kind() == ErrorKind.RETRY
        || failure.kind() == ErrorKind.FENCED
        || failure.code() == ErrorCode.CERTIFICATE_INVALID
        || failure.code() == ErrorCode.INVALID_CONFIGURATION;
  }

  /** {@link HostMove#finish}, and before it, once, what binds other services to what ends. */
  static void finish(AgentConfig config, StateDirectory state, Time time)
      throws InterruptedException {
    if (HostMove.isDecided(state) && state.isEnrolled()) {
      Clusters.giveUp(config, state, HostIdentity.record(state).host().toString(), time);
    }
    HostMove.finish(state, config.endpoints());
  }
}
