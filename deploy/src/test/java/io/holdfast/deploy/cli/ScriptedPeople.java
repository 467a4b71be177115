package io.holdfast.deploy.cli;

import io.grpc.stub.StreamObserver;
import io.holdfast.proto.wire.v1.AccessToken;
import io.holdfast.proto.wire.v1.AccessTokenName;
import io.holdfast.proto.wire.v1.AddPersonRequest;
import io.holdfast.proto.wire.v1.Approval;
import io.holdfast.proto.wire.v1.ApprovalName;
import io.holdfast.proto.wire.v1.ApprovalRule;
import io.holdfast.proto.wire.v1.CreateAccessTokenAnswer;
import io.holdfast.proto.wire.v1.CreateAccessTokenRequest;
import io.holdfast.proto.wire.v1.ListAccessTokensRequest;
import io.holdfast.proto.wire.v1.ListApprovalsRequest;
import io.holdfast.proto.wire.v1.ListPeopleRequest;
import io.holdfast.proto.wire.v1.PeopleGrpc;
import io.holdfast.proto.wire.v1.Person;
import io.holdfast.proto.wire.v1.PersonName;
import io.holdfast.proto.wire.v1.RefuseApprovalRequest;
import io.holdfast.proto.wire.v1.SetRoleRequest;
import io.holdfast.proto.wire.v1.ShowApprovalRuleRequest;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import io.holdfast.proto.wire.v1.WhoAmIRequest;

/** The calls about people, answered as the script of a {@link ScriptedAdmin} says. */
final class ScriptedPeople extends PeopleGrpc.PeopleImplBase {
  private final ScriptedAdmin script;

  ScriptedPeople(ScriptedAdmin script) {
    this.script = script;
  }

  @Override
  public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIAnswer> out) {
    script.answer(request, WhoAmIAnswer.class, out);
  }

  @Override
  public void listPeople(ListPeopleRequest request, StreamObserver<Person> out) {
    script.answer(request, Person.class, out);
  }

  @Override
  public void addPerson(AddPersonRequest request, StreamObserver<Person> out) {
    script.answer(request, Person.class, out);
  }

  @Override
  public void setRole(SetRoleRequest request, StreamObserver<Person> out) {
    script.answer(request, Person.class, out);
  }

  @Override
  public void removePerson(PersonName request, StreamObserver<Person> out) {
    script.answer(request, Person.class, out);
  }

  @Override
  public void listAccessTokens(ListAccessTokensRequest request, StreamObserver<AccessToken> out) {
    script.answer(request, AccessToken.class, out);
  }

  @Override
  public void createAccessToken(
      CreateAccessTokenRequest request, StreamObserver<CreateAccessTokenAnswer> out) {
    script.answer(request, CreateAccessTokenAnswer.class, out);
  }

  @Override
  public void revokeAccessToken(AccessTokenName request, StreamObserver<AccessToken> out) {
    script.answer(request, AccessToken.class, out);
  }

  @Override
  public void listApprovals(ListApprovalsRequest request, StreamObserver<Approval> out) {
    script.answer(request, Approval.class, out);
  }

  @Override
  public void showApproval(ApprovalName request, StreamObserver<Approval> out) {
    script.answer(request, Approval.class, out);
  }

  @Override
  public void giveApproval(ApprovalName request, StreamObserver<Approval> out) {
    script.answer(request, Approval.class, out);
  }

  @Override
  public void refuseApproval(RefuseApprovalRequest request, StreamObserver<Approval> out) {
    script.answer(request, Approval.class, out);
  }

  @Override
  public void showApprovalRule(ShowApprovalRuleRequest request, StreamObserver<ApprovalRule> out) {
    script.answer(request, ApprovalRule.class, out);
  }

  @Override
  public void setApprovalRule(ApprovalRule request, StreamObserver<ApprovalRule> out) {
    script.answer(request, ApprovalRule.class, out);
  }
}
