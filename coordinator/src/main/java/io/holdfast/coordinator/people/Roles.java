package io.holdfast.coordinator.people;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.proto.stored.v1.PersonRole;
import java.util.Locale;

/** The roles that people have, between the journal and the table of calls. */
final class Roles {
  private Roles() {}

  static Role of(PersonRole stored) {
    return switch (stored) {
      case PERSON_ROLE_VIEWER -> Role.VIEWER;
      case PERSON_ROLE_OPERATOR -> Role.OPERATOR;
      case PERSON_ROLE_ADMIN -> Role.ADMIN;
      case PERSON_ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new HoldfastException(
              ErrorCode.CATALOG_DAMAGED, "the catalog has a person without a role; rebuild it");
    };
  }

  /** INVALID_ARGUMENT for what no person can be. */
  static PersonRole stored(Role role) {
    return switch (role) {
      case VIEWER -> PersonRole.PERSON_ROLE_VIEWER;
      case OPERATOR -> PersonRole.PERSON_ROLE_OPERATOR;
      case ADMIN -> PersonRole.PERSON_ROLE_ADMIN;
      case STRANGER, HOST, MOVED_HOST, COORDINATOR ->
          throw new HoldfastException(
              ErrorCode.INVALID_ARGUMENT, "a person is viewer, operator or admin");
    };
  }

  static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
