package io.holdfast.coordinator.people;

import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import java.util.Optional;

/**
 * Who does something, as records name him.
 *
 * @param person empty for whoever uses the local socket
 */
public record Actor(String name, Optional<PersonId> person, Role role) {
  /** No person can be called so: names have no spaces. */
  public static final Actor LOCAL = new Actor("local operator", Optional.empty(), Role.ADMIN);

  public boolean isLocal() {
    return person.isEmpty();
  }

  @Override
  public String toString() {
    return name;
  }
}
