package io.holdfast.coordinator.people;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.identity.AccessToken;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.PeopleQueries;
import io.holdfast.coordinator.catalog.RecordedAccessToken;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.Tokens;
import io.holdfast.proto.stored.v1.AccessTokenCreated;
import io.holdfast.proto.stored.v1.AccessTokenDetails;
import io.holdfast.proto.stored.v1.AccessTokenRevoked;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The tokens by which people call. Any thread. */
public final class AccessTokens {
  /** Life of a token unless another is asked for. */
  public static final Duration LIFE_DEFAULT = Duration.ofDays(90);

  public static final Duration LIFE_MAX = Duration.ofDays(366);

  /** Tokens of one person that can be used at one time. */
  static final int USABLE_MAX = 32;

  private final FleetPorts ports;
  private final PeopleBook people;
  private final Supplier<Fingerprint> root;
  private final Audits audits;

  /** Tokens are to be shown to whoever leads to what {@code root} gives when they are made. */
  public AccessTokens(FleetPorts ports, PeopleBook people, Supplier<Fingerprint> root) {
    this.ports = ports;
    this.people = people;
    this.root = root;
    this.audits = new Audits(ports.mutations());
  }

  /** A token as far as it is known here: everything but its secret. */
  public record Known(RecordedAccessToken token, String owner, String purpose, String createdBy) {}

  /**
   * A token as it is shown once.
   *
   * @param token closed by who shows it
   */
  public record NewToken(AccessToken token, Known known) {}

  // Who calls.

  /**
   * Whose token {@code text} is. ACCESS_TOKEN_INVALID if it was never made here or is good no
   * longer, ACCESS_TOKEN_EXPIRED.
   */
  public Caller identify(String text) {
    Bytes32 id;
    try (AccessToken token = AccessToken.parse(text)) {
      id = token.id();
    }
    return identify(id);
  }

  /** The same for who was let in before: a call may last longer than what let it in. */
  public Caller identify(Bytes32 id) {
    RecordedAccessToken token =
        look(all -> all.token(id))
            .orElseThrow(() -> refuse("it was never made at this coordinator's fleet"));
    if (token.isRevoked()) {
      throw refuse("it was revoked, or the fleet root that it was made under was retired");
    }
    if (ports.time().now().toEpochMilli() > token.expiresMillis()) {
      throw new HoldfastException(
          ErrorCode.ACCESS_TOKEN_EXPIRED,
          "the access token expired at "
              + Instant.ofEpochMilli(token.expiresMillis())
              + "; have a new one made with: holdfast user token create");
    }
    Actor actor = people.actor(token.person()).orElseThrow(() -> refuse("its owner was removed"));
    return new Caller(actor, Optional.of(id), token.expiresMillis());
  }

  private static HoldfastException refuse(String why) {
    return new HoldfastException(
        ErrorCode.ACCESS_TOKEN_INVALID,
        "the access token is refused: "
            + why
            + "; have a new one made with: holdfast user token create");
  }

  private <T> T look(Function<PeopleQueries, T> question) {
    try (CatalogView view = ports.views().get()) {
      return question.apply(view.people());
    }
  }

  // What there is.

  /** Every token, the newest first; of {@code owner} only if there is one. */
  public List<Known> list(Optional<Person> owner) {
    return look(PeopleQueries::tokens).stream()
        .filter(token -> owner.isEmpty() || owner.get().id().equals(token.person()))
        .sorted(Comparator.comparingLong(RecordedAccessToken::createdMillis).reversed())
        .map(this::known)
        .toList();
  }

  /** How many tokens of {@code owner} can be used now. */
  public int usable(Person owner) {
    long nowMillis = ports.time().now().toEpochMilli();
    return (int)
        look(PeopleQueries::tokens).stream()
            .filter(token -> token.person().equals(owner.id()))
            .filter(token -> !token.isRevoked() && token.expiresMillis() >= nowMillis)
            .count();
  }

  private Known known(RecordedAccessToken token) {
    AccessTokenDetails details =
        ports
            .mutations()
            .open(token.mutation())
            .map(Details::getAccessToken)
            .orElse(AccessTokenDetails.getDefaultInstance());
    return new Known(
        token, people.nameOf(token.person()), details.getPurpose(), details.getActor());
  }

  // Changes.

  /**
   * What is asked for.
   *
   * @param life zero for the default
   */
  public record Wish(String owner, Duration life, String purpose) {
    /** INVALID_ARGUMENT for a life or words that can't be. */
    public Wish {
      life = life.isZero() ? LIFE_DEFAULT : life;
      if (life.isNegative() || life.compareTo(LIFE_MAX) > 0) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "an access token lives between 1 second and "
                + LIFE_MAX.toDays()
                + " days, not "
                + life
                + "; ask for a shorter one and make another when it is needed");
      }
      Facts.check("purpose", purpose);
    }
  }

  /** Makes a token; usable when this returns. PERSON_NOT_FOUND, BUSY, errors of the journal. */
  public NewToken create(Wish wish, String actor) throws InterruptedException {
    Person owner = people.get(wish.owner());
    if (usable(owner) >= USABLE_MAX) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          owner + " has " + USABLE_MAX + " tokens that can be used; revoke those he doesn't need");
    }
    Fingerprint pinned = root.get();
    AccessToken token = AccessToken.generate(pinned, ports.randomness());
    Instant expires = ports.time().now().plus(wish.life());
    AccessTokenCreated created =
        AccessTokenCreated.newBuilder()
            .setToken(bytes(token.id()))
            .setPerson(ByteString.copyFrom(owner.id().toByteArray()))
            .setExpiresMillis(expires.toEpochMilli())
            .build();
    append(
        Change.newBuilder().setAccessTokenCreated(created).build(),
        wish.purpose(),
        actor,
        "token " + shown(token.id()) + " made for " + owner + ", valid until " + expires);
    Tokens.requireNewest(pinned, root.get());
    RecordedAccessToken recorded =
        look(all -> all.token(token.id())).orElseThrow(() -> refuse("its owner was just removed"));
    return new NewToken(token, known(recorded));
  }

  /**
   * Revokes the one token whose id begins with {@code digits}; effective on calls that are open
   * within a second. Who isn't an admin finds only his own. OBJECT_NOT_FOUND if there is no such
   * token, INVALID_ARGUMENT if there are several.
   */
  public Known revoke(String digits, Actor actor) throws InterruptedException {
    RecordedAccessToken token = findFor(digits, actor);
    if (!token.isRevoked()) {
      AccessTokenRevoked revoked =
          AccessTokenRevoked.newBuilder().setToken(bytes(token.id())).build();
      append(
          Change.newBuilder().setAccessTokenRevoked(revoked).build(),
          "",
          actor.name(),
          "token " + shown(token.id()) + " of " + people.nameOf(token.person()) + " revoked");
    }
    return known(look(all -> all.token(token.id())).orElseThrow());
  }

  private RecordedAccessToken findFor(String digits, Actor actor) {
    List<RecordedAccessToken> fitting =
        look(PeopleQueries::tokens).stream()
            .filter(token -> !digits.isEmpty() && token.id().toString().startsWith(digits))
            .filter(token ->
                actor.role() == Role.ADMIN || actor.person().equals(Optional.of(token.person())))
            .toList();
    if (fitting.size() > 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "'" + digits + "' begins the ids of " + fitting.size() + " tokens; give more digits");
    }
    return fitting.stream()
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.OBJECT_NOT_FOUND,
                "no access token that you may revoke has an id that begins with '"
                    + digits
                    + "'; see them with: holdfast user token ls"));
  }

  private void append(Change change, String purpose, String actor, String text)
      throws InterruptedException {
    Details details =
        Details.newBuilder()
            .setAccessToken(AccessTokenDetails.newBuilder().setActor(actor).setPurpose(purpose))
            .build();
    ports.append(
        ports.mutations().seal(change, details),
        audits.of(actor, "access_token", Optional.empty(), text));
  }

  private static String shown(Bytes32 id) {
    return id.abbreviate(8);
  }

  private static ByteString bytes(Bytes32 id) {
    return ByteString.copyFrom(id.toByteArray());
  }
}
