package io.holdfast.coordinator.rpc;

import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.ApprovalRule;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.coordinator.people.PeopleBook;
import io.holdfast.coordinator.people.Person;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.AddPersonRequest;
import io.holdfast.proto.wire.v1.CreateAccessTokenRequest;
import io.holdfast.proto.wire.v1.PeopleGrpc;
import io.holdfast.proto.wire.v1.SetRoleRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The calls by which one person could become two, or free himself of the second one: they need that
 * second one themselves. Any thread; calls block.
 */
public final class PeopleActs {
  private final PeopleBook people;
  private final AccessTokens tokens;
  private final Approvals approvals;

  private final Act addPerson =
      GuardedAct.of(
          ActKind.ACT_KIND_PEOPLE, PeopleGrpc.getAddPersonMethod(), this::effectOf, this::carryOut);
  private final Act setRole =
      GuardedAct.of(
          ActKind.ACT_KIND_PEOPLE, PeopleGrpc.getSetRoleMethod(), this::effectOf, this::carryOut);
  private final Act createToken =
      GuardedAct.collected(
          ActKind.ACT_KIND_PEOPLE, PeopleGrpc.getCreateAccessTokenMethod(), this::effectOf);
  private final Act setRule =
      GuardedAct.of(
          ActKind.ACT_KIND_APPROVAL_RULE,
          PeopleGrpc.getSetApprovalRuleMethod(),
          this::effectOf,
          this::carryOut);

  public PeopleActs(PeopleBook people, AccessTokens tokens, Approvals approvals) {
    this.people = people;
    this.tokens = tokens;
    this.approvals = approvals;
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(addPerson, setRole, createToken, setRule);
  }

  // People.

  /** Errors of {@link PeopleBook#add}, and APPROVAL_REQUIRED. */
  Person addPerson(AddPersonRequest request, Actor actor) throws InterruptedException {
    people.requireNew(request.getName(), PeopleViews.role(request.getRole()));
    approvals.require(addPerson, request, actor);
    return people.add(request.getName(), PeopleViews.role(request.getRole()), actor.name());
  }

  private String effectOf(AddPersonRequest request) {
    people.requireNew(request.getName(), PeopleViews.role(request.getRole()));
    return "add "
        + request.getName()
        + " as "
        + PeopleViews.word(PeopleViews.role(request.getRole()));
  }

  private String carryOut(AddPersonRequest request, String asker) throws InterruptedException {
    return people.add(request.getName(), PeopleViews.role(request.getRole()), asker) + " was added";
  }

  /** Errors of {@link PeopleBook#setRole}, and APPROVAL_REQUIRED. */
  Person setRole(SetRoleRequest request, Actor actor) throws InterruptedException {
    Person person = people.get(request.getName());
    if (person.role() != PeopleViews.role(request.getRole())) {
      approvals.require(setRole, request, actor);
    }
    return people.setRole(request.getName(), PeopleViews.role(request.getRole()), actor.name());
  }

  private String effectOf(SetRoleRequest request) {
    Person person = people.get(request.getName());
    return "make "
        + shown(person)
        + " "
        + PeopleViews.word(PeopleViews.role(request.getRole()))
        + ", now "
        + PeopleViews.word(person.role());
  }

  private String carryOut(SetRoleRequest request, String asker) throws InterruptedException {
    Person person = people.setRole(request.getName(), PeopleViews.role(request.getRole()), asker);
    return person + " is " + PeopleViews.word(person.role());
  }

  /** With the id: somebody of the same name who was removed and added again is another one. */
  private static String shown(Person person) {
    return person.name() + " (" + person.id().toString().substring(0, 8) + ")";
  }

  // Tokens.

  /** Errors of {@link AccessTokens#create}, and APPROVAL_REQUIRED if it is for somebody else. */
  AccessTokens.NewToken createToken(CreateAccessTokenRequest request, Actor actor)
      throws InterruptedException {
    AccessTokens.Wish wish = wish(request);
    Person owner = people.get(wish.owner());
    if (!actor.person().equals(Optional.of(owner.id()))) {
      approvals.require(createToken, request, actor);
    }
    return tokens.create(wish, actor.name());
  }

  private static AccessTokens.Wish wish(CreateAccessTokenRequest request) {
    return new AccessTokens.Wish(
        request.getName(), Duration.ofSeconds(request.getValidSeconds()), request.getPurpose());
  }

  private String effectOf(CreateAccessTokenRequest request) {
    Person owner = people.get(wish(request).owner());
    return "show a token by which one calls as "
        + shown(owner)
        + ", "
        + PeopleViews.word(owner.role());
  }

  // The rule.

  /** Errors of {@link Approvals#setRule}, and APPROVAL_REQUIRED. */
  ApprovalRule setRule(io.holdfast.proto.wire.v1.ApprovalRule request, Actor actor)
      throws InterruptedException {
    ApprovalRule wanted = PeopleViews.rule(request);
    approvals.requireFeasible(wanted);
    if (!wanted.equals(approvals.rule())) {
      approvals.require(setRule, request, actor);
    }
    return approvals.setRule(wanted, actor.name());
  }

  private String effectOf(io.holdfast.proto.wire.v1.ApprovalRule request) {
    return "from: " + approvals.rule() + "; to: " + PeopleViews.rule(request);
  }

  private String carryOut(io.holdfast.proto.wire.v1.ApprovalRule request, String asker)
      throws InterruptedException {
    return approvals.setRule(PeopleViews.rule(request), asker).toString();
  }
}
