package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.coordinator.people.Caller;
import io.holdfast.coordinator.people.PeopleBook;
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
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who may act here, on the wire: parses, calls, maps errors. */
public final class PeopleService extends PeopleGrpc.PeopleImplBase {
  private static final int APPROVALS_LISTED = 50;

  private final PeopleBook people;
  private final AccessTokens tokens;
  private final Approvals approvals;
  private final PeopleActs acts;
  private final Map<String, Act> guarded;
  private final UnaryCalls calls;
  private final ManyCalls manyCalls;

  /**
   * Serves them.
   *
   * @param guarded every act that may wait for a second person
   * @param executor gives each call a thread of its own that may block
   */
  public PeopleService(
      PeopleBook people,
      AccessTokens tokens,
      Approvals approvals,
      PeopleActs acts,
      Collection<Act> guarded,
      Executor executor) {
    this.people = people;
    this.tokens = tokens;
    this.approvals = approvals;
    this.acts = acts;
    this.guarded = guarded.stream().collect(Collectors.toMap(Act::method, Function.identity()));
    Executor inContext = Context.currentContextExecutor(executor);
    this.calls = new UnaryCalls(inContext);
    this.manyCalls = new ManyCalls(inContext);
  }

  private static Actor actor() {
    return RpcCaller.person().actor();
  }

  @Override
  public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIAnswer> answers) {
    Caller caller = RpcCaller.person();
    calls.answer(answers, () -> PeopleViews.view(caller));
  }

  // People.

  @Override
  public void listPeople(ListPeopleRequest request, StreamObserver<Person> answers) {
    manyCalls.answer(answers, out -> people.all().forEach(person -> out.accept(view(person))));
  }

  private Person view(io.holdfast.coordinator.people.Person person) {
    return PeopleViews.view(person, tokens.usable(person));
  }

  @Override
  public void addPerson(AddPersonRequest request, StreamObserver<Person> answers) {
    calls.answer(answers, () -> view(acts.addPerson(request, actor())));
  }

  @Override
  public void setRole(SetRoleRequest request, StreamObserver<Person> answers) {
    calls.answer(answers, () -> view(acts.setRole(request, actor())));
  }

  @Override
  public void removePerson(PersonName request, StreamObserver<Person> answers) {
    calls.answer(
        answers, () -> PeopleViews.view(people.remove(request.getName(), actor().name()), 0));
  }

  // Tokens.

  @Override
  public void listAccessTokens(
      ListAccessTokensRequest request, StreamObserver<AccessToken> answers) {
    manyCalls.answer(answers, out -> listAccessTokens(request, actor(), out));
  }

  private void listAccessTokens(
      ListAccessTokensRequest request, Actor actor, Consumer<AccessToken> out) {
    boolean all = actor.role() == Role.ADMIN;
    String owner = all ? request.getName() : actor.name();
    tokens
        .list(owner.isEmpty() ? Optional.empty() : Optional.of(people.get(owner)))
        .forEach(token -> out.accept(PeopleViews.view(token)));
  }

  @Override
  public void createAccessToken(
      CreateAccessTokenRequest request, StreamObserver<CreateAccessTokenAnswer> answers) {
    calls.answer(answers, () -> shownOnce(acts.createToken(request, actor())));
  }

  private static CreateAccessTokenAnswer shownOnce(AccessTokens.NewToken made) {
    try (var token = made.token()) {
      return CreateAccessTokenAnswer.newBuilder()
          .setSecret(token.encode())
          .setToken(PeopleViews.view(made.known()))
          .build();
    }
  }

  @Override
  public void revokeAccessToken(AccessTokenName request, StreamObserver<AccessToken> answers) {
    calls.answer(answers, () -> PeopleViews.view(tokens.revoke(request.getToken(), actor())));
  }

  // Approvals.

  @Override
  public void listApprovals(ListApprovalsRequest request, StreamObserver<Approval> answers) {
    int limit = request.getLimit() <= 0 ? APPROVALS_LISTED : request.getLimit();
    manyCalls.answer(
        answers,
        out ->
            approvals
                .list(request.getAll(), limit)
                .forEach(approval -> out.accept(PeopleViews.view(approval))));
  }

  @Override
  public void showApproval(ApprovalName request, StreamObserver<Approval> answers) {
    calls.answer(answers, () -> PeopleViews.view(approvals.show(request.getApproval())));
  }

  @Override
  public void giveApproval(ApprovalName request, StreamObserver<Approval> answers) {
    calls.answer(
        answers, () -> PeopleViews.view(approvals.give(request.getApproval(), actor(), guarded)));
  }

  @Override
  public void refuseApproval(RefuseApprovalRequest request, StreamObserver<Approval> answers) {
    calls.answer(
        answers,
        () ->
            PeopleViews.view(
                approvals.refuse(request.getApproval(), request.getReason(), actor())));
  }

  @Override
  public void showApprovalRule(
      ShowApprovalRuleRequest request, StreamObserver<ApprovalRule> answers) {
    calls.answer(answers, () -> PeopleViews.view(approvals.rule()));
  }

  @Override
  public void setApprovalRule(ApprovalRule request, StreamObserver<ApprovalRule> answers) {
    calls.answer(answers, () -> PeopleViews.view(acts.setRule(request, actor())));
  }
}
