package io.holdfast.coordinator.people;

import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetKit;
import java.time.Duration;
import java.util.Optional;

/** A fleet's people over a real catalog. */
public final class PeopleKit implements AutoCloseable {
  public final FleetKit fleet;
  public final PeopleBook people;
  public final AccessTokens tokens;
  public final Approvals approvals;

  public PeopleKit(FleetKit fleet) {
    this.fleet = fleet;
    this.people = new PeopleBook(fleet.ports);
    this.tokens = new AccessTokens(fleet.ports, people, fleet.authority::fingerprint);
    this.approvals = new Approvals(fleet.ports, people);
  }

  /** Somebody new, as he acts. */
  public Actor add(String name, Role role) throws InterruptedException {
    Person person = people.add(name, role, Actor.LOCAL.name());
    return new Actor(name, Optional.of(person.id()), role);
  }

  /** A token of somebody, as he shows it. */
  public String token(String owner, Duration life) throws InterruptedException {
    try (var token = create(owner, life).token()) {
      return token.encode();
    }
  }

  public AccessTokens.NewToken create(String owner, Duration life) throws InterruptedException {
    return tokens.create(new AccessTokens.Wish(owner, life, "test"), Actor.LOCAL.name());
  }

  @Override
  public void close() {
    fleet.close();
  }
}
