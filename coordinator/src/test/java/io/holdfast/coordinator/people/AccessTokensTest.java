package io.holdfast.coordinator.people;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetKit;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final PeopleKit kit = new PeopleKit(new FleetKit(52));
  private final AccessTokens tokens = kit.tokens;
  private Actor anna;
  private Actor bert;

  @BeforeEach
  void add() throws InterruptedException {
    anna = kit.add("anna", Role.ADMIN);
    bert = kit.add("bert", Role.VIEWER);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void shouldTellWhoseTokenItIsAndInWhichRoleNow() throws InterruptedException {
    String token = kit.token("bert", DAY);
    assertEquals(bert, tokens.identify(token).actor());
    kit.people.setRole("bert", Role.OPERATOR, "anna");
    assertEquals(Role.OPERATOR, tokens.identify(token).actor().role());
  }

  @Test
  void shouldRefuseWhatIsNoTokenOfHere() {
    assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> tokens.identify(""));
    assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> tokens.identify("hfa1.AAAA"));
    try (FleetKit elsewhere = new FleetKit(53)) {
      PeopleKit other = new PeopleKit(elsewhere);
      assertCode(
          ErrorCode.ACCESS_TOKEN_INVALID,
          () -> {
            other.add("anna", Role.ADMIN);
            tokens.identify(other.token("anna", DAY));
          });
    }
  }

  @Test
  void shouldRefuseATokenAfterItsTime() throws InterruptedException {
    String token = kit.token("bert", DAY);
    kit.fleet.time.advance(DAY);
    assertEquals(bert, tokens.identify(token).actor());
    kit.fleet.time.advance(Duration.ofMillis(1));
    assertCode(ErrorCode.ACCESS_TOKEN_EXPIRED, () -> tokens.identify(token));
  }

  @Test
  void shouldRefuseARevokedTokenAndThoseOfWhoWasRemoved() throws InterruptedException {
    AccessTokens.NewToken first = kit.create("bert", DAY);
    String second = kit.token("bert", DAY);
    tokens.revoke(first.known().token().id().toString(), anna);
    HoldfastException why =
        assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> tokens.identify(first.token().encode()));
    assertTrue(why.getMessage().contains("revoked"), why.getMessage());
    assertEquals(bert, tokens.identify(second).actor());
    kit.people.remove("bert", "anna");
    why = assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> tokens.identify(second));
    assertTrue(why.getMessage().contains("removed"), why.getMessage());
  }

  @Test
  void shouldLetPeopleRevokeTheirOwnAndAdminsAll() throws InterruptedException {
    String annas = kit.create("anna", DAY).known().token().id().toString();
    String berts = kit.create("bert", DAY).known().token().id().toString();
    assertCode(ErrorCode.OBJECT_NOT_FOUND, () -> tokens.revoke(annas, bert));
    assertCode(ErrorCode.OBJECT_NOT_FOUND, () -> tokens.revoke("", anna));
    assertTrue(tokens.revoke(berts.substring(0, 8), bert).token().isRevoked());
    assertTrue(tokens.revoke(annas, anna).token().isRevoked());
    assertEquals(0, tokens.usable(kit.people.get("anna")));
  }

  @Test
  void shouldKeepNoSecret() throws InterruptedException {
    AccessTokens.NewToken made = kit.create("bert", DAY);
    String secret = HexFormat.of().formatHex(made.token().secret().toByteArray());
    assertFalse(kit.fleet.journal.changes().toString().contains(secret));
    String journal =
        HexFormat.of()
            .formatHex(kit.fleet.journal.changes().getLast().toByteString().toByteArray());
    assertFalse(journal.contains(secret));
    assertEquals("test", made.known().purpose());
    assertEquals("local operator", made.known().createdBy());
  }

  @Test
  void shouldBoundLivesAndNumbers() throws InterruptedException {
    Duration tooLong = AccessTokens.LIFE_MAX.plusSeconds(1);
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.create("bert", tooLong));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.create("bert", Duration.ofSeconds(-1)));
    assertCode(ErrorCode.PERSON_NOT_FOUND, () -> kit.create("carl", DAY));
    for (int i = 0; i < AccessTokens.USABLE_MAX; i++) {
      kit.create("bert", DAY);
    }
    assertCode(ErrorCode.BUSY, () -> kit.create("bert", DAY));
    kit.fleet.time.advance(DAY.plusSeconds(1));
    kit.create("bert", Duration.ZERO);
    assertEquals(33, tokens.list(Optional.of(kit.people.get("bert"))).size());
    assertEquals(0, tokens.list(Optional.of(kit.people.get("anna"))).size());
  }
}
