package io.holdfast.deploy.link;

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
import io.holdfast.proto.wire.v1.PeopleGrpc.PeopleBlockingStub;
import io.holdfast.proto.wire.v1.PeopleGrpc.PeopleStub;
import io.holdfast.proto.wire.v1.Person;
import io.holdfast.proto.wire.v1.PersonName;
import io.holdfast.proto.wire.v1.RefuseApprovalRequest;
import io.holdfast.proto.wire.v1.SetRoleRequest;
import io.holdfast.proto.wire.v1.ShowApprovalRuleRequest;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import io.holdfast.proto.wire.v1.WhoAmIRequest;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** What is asked about people, their tokens and approvals; as {@link AdminLink}, which lends it. */
public final class PeopleLink {
  private final Line line;
  private final PeopleBlockingStub stub;
  private final PeopleStub streams;

  PeopleLink(Line line) {
    this.line = line;
    this.stub = line.stub(PeopleGrpc::newBlockingStub);
    this.streams = line.stub(PeopleGrpc::newStub);
  }

  public WhoAmIAnswer whoAmI() {
    return answer(people -> people.whoAmI(WhoAmIRequest.getDefaultInstance()));
  }

  public void people(Consumer<Person> each) {
    stream(
        (people, answers) -> people.listPeople(ListPeopleRequest.getDefaultInstance(), answers),
        each);
  }

  public Person add(AddPersonRequest request) {
    return answer(people -> people.addPerson(request));
  }

  public Person setRole(SetRoleRequest request) {
    return answer(people -> people.setRole(request));
  }

  public Person remove(String name) {
    return answer(people -> people.removePerson(PersonName.newBuilder().setName(name).build()));
  }

  /** Of {@code owner}; empty for all that the caller may see. */
  public void tokens(String owner, Consumer<AccessToken> each) {
    ListAccessTokensRequest request = ListAccessTokensRequest.newBuilder().setName(owner).build();
    stream((people, answers) -> people.listAccessTokens(request, answers), each);
  }

  public CreateAccessTokenAnswer createToken(CreateAccessTokenRequest request) {
    return answer(people -> people.createAccessToken(request));
  }

  public AccessToken revokeToken(String token) {
    AccessTokenName request = AccessTokenName.newBuilder().setToken(token).build();
    return answer(people -> people.revokeAccessToken(request));
  }

  public void approvals(ListApprovalsRequest request, Consumer<Approval> each) {
    stream((people, answers) -> people.listApprovals(request, answers), each);
  }

  public Approval approval(String name) {
    return answer(people -> people.showApproval(approvalName(name)));
  }

  public Approval give(String name) {
    return answer(people -> people.giveApproval(approvalName(name)));
  }

  private static ApprovalName approvalName(String name) {
    return ApprovalName.newBuilder().setApproval(name).build();
  }

  public Approval refuse(RefuseApprovalRequest request) {
    return answer(people -> people.refuseApproval(request));
  }

  public ApprovalRule rule() {
    return answer(people -> people.showApprovalRule(ShowApprovalRuleRequest.getDefaultInstance()));
  }

  public ApprovalRule setRule(ApprovalRule rule) {
    return answer(people -> people.setApprovalRule(rule));
  }

  private <A> A answer(Function<PeopleBlockingStub, A> call) {
    return line.answer(stub, call);
  }

  private <A> void stream(BiConsumer<PeopleStub, StreamObserver<A>> call, Consumer<A> each) {
    line.stream(streams, call, each);
  }
}
