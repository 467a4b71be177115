package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.TokenCreated;
import io.holdfast.proto.stored.v1.TokenDetails;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes one-time enrolment tokens. Any thread. */
public final class Tokens {
  /** Life of a token unless another is asked for. */
  public static final Duration LIFE_DEFAULT = Duration.ofMinutes(10);

  /** A token that lies about for longer is a standing key to the fleet. */
  public static final Duration LIFE_MAX = Duration.ofDays(7);

  private final FleetPorts ports;
  private final Supplier<Fingerprint> root;
  private final Audits audits;

  /** Tokens pin what {@code root} gives when they are made. */
  public Tokens(FleetPorts ports, Supplier<Fingerprint> root) {
    this.ports = ports;
    this.root = root;
    this.audits = new Audits(ports.mutations());
  }

  /**
   * What an operator asks for.
   *
   * @param hostName what the host shall be called here, or empty
   * @param life zero for the default
   * @param addresses coordinators that the host is to try, in order
   */
  public record Wish(String hostName, Duration life, List<Endpoint> addresses) {
    /** INVALID_ARGUMENT for a life or a name that can't be. */
    public Wish {
      life = life.isZero() ? LIFE_DEFAULT : life;
      if (life.isNegative() || life.compareTo(LIFE_MAX) > 0) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "a token lives between 1 second and "
                + LIFE_MAX.toDays()
                + " days, not "
                + life
                + "; ask for a shorter one and make another when it is needed");
      }
      Facts.checkName(hostName);
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A token as it is shown once: only its hash is kept.
   *
   * @param token closed by who shows it
   */
  public record NewToken(EnrolmentToken token, Instant expires) {}

  /** Journals a new token on behalf of {@code actor}; usable when this returns. */
  public NewToken create(Wish wish, String actor) throws InterruptedException {
    Fingerprint pinned = root.get();
    EnrolmentToken token = EnrolmentToken.generate(wish.addresses(), pinned, ports.randomness());
    Instant expires = ports.time().now().plus(wish.life());
    Mutation audit =
        audits.of(
            actor,
            "token",
            Optional.empty(),
            "token for host \"" + wish.hostName() + "\", valid until " + expires);
    ports.append(created(wish, token, expires), audit);
    requireNewest(pinned, root.get());
    return new NewToken(token, expires);
  }

  /**
   * BUSY if {@code pinned}, by a token that is recorded now, isn't the newest root any more: it
   * would outlive that one, as tokens made after the next root's introduction do.
   */
  public static void requireNewest(Fingerprint pinned, Fingerprint newest) {
    if (!newest.equals(pinned)) {
      throw new HoldfastException(
          ErrorCode.BUSY, "the fleet has another root since a moment ago; ask for a token again");
    }
  }

  private Mutation created(Wish wish, EnrolmentToken token, Instant expires) {
    TokenCreated created =
        TokenCreated.newBuilder()
            .setToken(ByteString.copyFrom(token.secretHash().toByteArray()))
            .setExpiresMillis(expires.toEpochMilli())
            .build();
    TokenDetails details = TokenDetails.newBuilder().setHostName(wish.hostName()).build();
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setTokenCreated(created).build(),
            Details.newBuilder().setToken(details).build());
  }
}
