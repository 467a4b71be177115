package io.holdfast.coordinator.catalog;

import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.proto.stored.v1.AccessTokenCreated;
import io.holdfast.proto.stored.v1.AccessTokenRevoked;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PersonRemoved;
import io.holdfast.proto.stored.v1.PersonRole;
import io.holdfast.proto.stored.v1.PersonSet;

/** Effects of people and their tokens. Who was removed, and what was revoked, stays so. */
final class PeopleChanges {
  private PeopleChanges() {}

  static void set(PersonSet change, Mutation mutation, Effects effects) {
    byte[] person = Fields.person(change.getPerson()).toByteArray();
    if (change.getRole() == PersonRole.UNRECOGNIZED) {
      throw Fields.unknown("role number " + change.getRoleValue());
    }
    boolean refused =
        change.getRole() == PersonRole.PERSON_ROLE_UNSPECIFIED
            || effects.has(Families.PEOPLE_REMOVED, person);
    putUnless(refused, Families.PEOPLE, person, mutation, effects);
  }

  static void remove(PersonRemoved change, Mutation mutation, Effects effects) {
    byte[] person = Fields.person(change.getPerson()).toByteArray();
    boolean refused =
        !effects.has(Families.PEOPLE, person) || effects.has(Families.PEOPLE_REMOVED, person);
    putUnless(refused, Families.PEOPLE_REMOVED, person, mutation, effects);
  }

  static void createToken(AccessTokenCreated change, Mutation mutation, Effects effects) {
    byte[] token = Fields.bytes32(change.getToken(), "access token").toByteArray();
    byte[] person = Fields.person(change.getPerson()).toByteArray();
    boolean refused =
        effects.has(Families.ACCESS_TOKENS, token)
            || !effects.has(Families.PEOPLE, person)
            || effects.has(Families.PEOPLE_REMOVED, person);
    putUnless(refused, Families.ACCESS_TOKENS, token, mutation, effects);
  }

  static void revokeToken(AccessTokenRevoked change, Mutation mutation, Effects effects) {
    byte[] token = Fields.bytes32(change.getToken(), "access token").toByteArray();
    boolean refused =
        !effects.has(Families.ACCESS_TOKENS, token)
            || effects.has(Families.ACCESS_TOKENS_REVOKED, token);
    putUnless(refused, Families.ACCESS_TOKENS_REVOKED, token, mutation, effects);
  }

  private static void putUnless(
      boolean refused, Family family, byte[] key, Mutation mutation, Effects effects) {
    if (refused) {
      effects.ignore();
    } else {
      effects.put(family, key, effects.recorded(mutation));
    }
  }
}
