package io.holdfast.coordinator.people;

import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.fleet.CallPolicy.Role;

/**
 * Somebody who may act here.
 *
 * @param setMillis when the role was given
 * @param setBy by whom
 */
public record Person(PersonId id, String name, Role role, long setMillis, String setBy) {
  @Override
  public String toString() {
    return name;
  }
}
