package io.holdfast.coordinator.people;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetKit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeopleBookTest {
  private final PeopleKit kit = new PeopleKit(new FleetKit(51));
  private final PeopleBook people = kit.people;

  @AfterEach
  void close() {
    kit.close();
  }

  private List<String> names() {
    return people.all().stream().map(Person::name).toList();
  }

  @Test
  void shouldAddPeopleAndChangeTheirRoles() throws InterruptedException {
    people.add("bert", Role.VIEWER, "anna");
    people.add("anna", Role.ADMIN, "local operator");
    assertEquals(List.of("anna", "bert"), names());
    Person bert = people.setRole("bert", Role.OPERATOR, "anna");
    assertEquals(Role.OPERATOR, bert.role());
    assertEquals("anna", bert.setBy());
    assertEquals(Optional.of(Role.OPERATOR), people.actor(bert.id()).map(Actor::role));
  }

  @Test
  void shouldJournalNothingForARoleThatStays() throws InterruptedException {
    people.add("bert", Role.VIEWER, "anna");
    long before = kit.fleet.journal.wireAuthority().getSeq();
    people.setRole("bert", Role.VIEWER, "anna");
    assertEquals(before, kit.fleet.journal.wireAuthority().getSeq());
  }

  @Test
  void shouldRefuseNamesThatAreTakenOrCannotBe() throws InterruptedException {
    people.add("bert", Role.VIEWER, "anna");
    assertCode(ErrorCode.PERSON_EXISTS, () -> people.add("bert", Role.ADMIN, "anna"));
    for (String bad : List.of("", "Bert", "local operator", "-x", "b\u00e9rt", "x".repeat(65))) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> people.add(bad, Role.ADMIN, "anna"));
    }
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> people.add("carl", Role.HOST, "anna"));
    assertEquals(List.of("bert"), names());
  }

  @Test
  void shouldTakeWhoComesBackForSomebodyElse() throws InterruptedException {
    Person first = people.add("bert", Role.ADMIN, "anna");
    people.remove("bert", "anna");
    assertEquals(List.of(), names());
    assertEquals(Optional.empty(), people.actor(first.id()));
    assertEquals("bert", people.nameOf(first.id()));
    assertCode(ErrorCode.PERSON_NOT_FOUND, () -> people.remove("bert", "anna"));
    assertCode(ErrorCode.PERSON_NOT_FOUND, () -> people.setRole("bert", Role.VIEWER, "anna"));
    assertNotEquals(first.id(), people.add("bert", Role.VIEWER, "anna").id());
  }
}
