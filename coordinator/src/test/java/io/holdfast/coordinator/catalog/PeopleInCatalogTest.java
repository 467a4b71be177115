package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.bytes;
import static io.holdfast.coordinator.catalog.JournalScript.change;
import static io.holdfast.coordinator.catalog.JournalScript.hash;
import static io.holdfast.coordinator.catalog.JournalScript.orderJob;
import static io.holdfast.coordinator.catalog.JournalScript.sixteen;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.ApprovalId;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.proto.stored.v1.AccessTokenCreated;
import io.holdfast.proto.stored.v1.AccessTokenRevoked;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.stored.v1.ApprovalMoved;
import io.holdfast.proto.stored.v1.ApprovalRequested;
import io.holdfast.proto.stored.v1.ApprovalRuleSet;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Audit;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.PersonRemoved;
import io.holdfast.proto.stored.v1.PersonRole;
import io.holdfast.proto.stored.v1.PersonSet;
import io.holdfast.proto.stored.v1.RootIntroduced;
import io.holdfast.proto.stored.v1.RootRetired;
import io.holdfast.proto.stored.v1.TokenCreated;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** People, tokens, approvals and the audit's index: what the journal's order makes of them. */
class PeopleInCatalogTest {
  private static final long FOREVER = Long.MAX_VALUE;

  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  @AfterEach
  void close() {
    catalog.close();
  }

  private <T> T ask(Function<CatalogView, T> question) {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
    try (CatalogView view = catalog.view()) {
      return question.apply(view);
    }
  }

  private long ignored() {
    return ask(view -> view.totals().of(Total.IGNORED_CHANGES));
  }

  static byte[] person(int number) {
    return sixteen("person " + number);
  }

  static Change setPerson(int person, PersonRole role) {
    return change(
        c -> c.setPersonSet(PersonSet.newBuilder().setPerson(bytes(person(person))).setRole(role)));
  }

  static Change removePerson(int person) {
    return change(
        c -> c.setPersonRemoved(PersonRemoved.newBuilder().setPerson(bytes(person(person)))));
  }

  static Change createToken(int token, int person) {
    return change(c ->
        c.setAccessTokenCreated(
            AccessTokenCreated.newBuilder()
                .setToken(bytes(hash("token " + token).toByteArray()))
                .setPerson(bytes(person(person)))
                .setExpiresMillis(FOREVER)));
  }

  static Change revokeToken(int token) {
    return change(c ->
        c.setAccessTokenRevoked(
            AccessTokenRevoked.newBuilder().setToken(bytes(hash("token " + token).toByteArray()))));
  }

  static Change request(int approval, int person, long expiresMillis) {
    return change(c ->
        c.setApprovalRequested(
            ApprovalRequested.newBuilder()
                .setApproval(bytes(sixteen("approval " + approval)))
                .setKind(ActKind.ACT_KIND_HOST_REVOKE)
                .setPerson(bytes(person(person)))
                .setExpiresMillis(expiresMillis)
                .setActSha256(bytes(hash("act").toByteArray()))));
  }

  static Change move(int approval, ApprovalStep step, int person) {
    return change(c ->
        c.setApprovalMoved(
            ApprovalMoved.newBuilder()
                .setApproval(bytes(sixteen("approval " + approval)))
                .setStep(step)
                .setPerson(bytes(person(person)))));
  }

  private PersonRole role(int person) {
    return ask(view -> view.people().person(PersonId.of(person(person))).orElseThrow().role());
  }

  @Test
  void shouldKeepTheNewestRoleAndTheRemovalForGood() {
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_VIEWER));
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_ADMIN));
    assertEquals(PersonRole.PERSON_ROLE_ADMIN, role(1));
    journal.record(removePerson(1), removePerson(1), removePerson(2));
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_ADMIN));
    assertTrue(ask(view -> view.people().people()).getFirst().isRemoved());
    assertEquals(3, ignored());
  }

  @Test
  void shouldMakeTokensOnlyForPeopleWhoMayAct() {
    journal.record(createToken(1, 1));
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_VIEWER), createToken(2, 1));
    journal.record(createToken(2, 1));
    journal.record(removePerson(1), createToken(3, 1));
    assertEquals(1, ask(view -> view.people().tokens()).size());
    assertEquals(3, ignored());
  }

  @Test
  void shouldRevokeOnceAndForGood() {
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_VIEWER), createToken(1, 1));
    journal.record(revokeToken(1), revokeToken(1), revokeToken(2));
    assertTrue(ask(view -> view.people().token(hash("token 1"))).orElseThrow().isRevoked());
    assertEquals(2, ignored());
  }

  private List<ApprovalStep> steps(int approval) {
    ApprovalId id = ApprovalId.of(sixteen("approval " + approval));
    return ask(view -> view.approvals().find(id).orElseThrow()).moves().stream()
        .map(RecordedApproval.Move::step)
        .toList();
  }

  @Test
  void shouldTakeEachStepOfAnApprovalOnceAndInOrder() {
    journal.record(request(1, 1, FOREVER), request(1, 1, FOREVER));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_CARRIED_OUT, 2));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_GIVEN, 2));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_GIVEN, 3));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_REFUSED, 3));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_FAILED, 2));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_CARRIED_OUT, 2));
    assertEquals(
        List.of(ApprovalStep.APPROVAL_STEP_GIVEN, ApprovalStep.APPROVAL_STEP_FAILED), steps(1));
    assertEquals(5, ignored());
  }

  @Test
  void shouldNotLetOneBeHisOwnSecondPersonNorGiveLate() {
    journal.record(request(1, 1, FOREVER), request(2, 1, 0));
    journal.record(
        move(1, ApprovalStep.APPROVAL_STEP_GIVEN, 1), move(2, ApprovalStep.APPROVAL_STEP_GIVEN, 2));
    assertEquals(List.of(), steps(1));
    assertEquals(List.of(), steps(2));
    journal.record(move(2, ApprovalStep.APPROVAL_STEP_REFUSED, 1));
    assertEquals(List.of(ApprovalStep.APPROVAL_STEP_REFUSED), steps(2));
    assertEquals(2, ignored());
  }

  @Test
  void shouldTakeTheBeginningOfAnActOnceAndInTime() {
    long now = ask(view -> view.head().orElseThrow().timeMillis());
    journal.record(request(1, 1, FOREVER), request(2, 1, now));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_BEGUN, 2));
    assertEquals(List.of(), steps(1), "not before it was given");
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_GIVEN, 2));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_BEGUN, 2));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_BEGUN, 3));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_CARRIED_OUT, 2));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_BEGUN, 2));
    assertEquals(
        List.of(
            ApprovalStep.APPROVAL_STEP_GIVEN,
            ApprovalStep.APPROVAL_STEP_BEGUN,
            ApprovalStep.APPROVAL_STEP_CARRIED_OUT),
        steps(1));
    assertEquals(3, ignored());
  }

  @Test
  void shouldForgetTheOldestOfTooManyClosedOnes() {
    int most = ApprovalQueries.CLOSED_MAX;
    journal.record(request(0, 1, FOREVER));
    for (int i = 1; i <= most + 5; i++) {
      journal.record(request(i, 1, FOREVER), move(i, ApprovalStep.APPROVAL_STEP_REFUSED, 2));
    }
    List<RecordedApproval> all = ask(view -> view.approvals().all());
    assertEquals(1 + most + 1, all.size(), "the open one, and one since the last request");
    assertEquals(ApprovalStep.APPROVAL_STEP_REFUSED, steps(most).getFirst());
    assertEquals(List.of(), steps(0), "what is open stays");
    for (int gone = 1; gone <= 4; gone++) {
      ApprovalId id = ApprovalId.of(sixteen("approval " + gone));
      assertTrue(ask(view -> view.approvals().find(id)).isEmpty());
    }
    ApprovalId kept = ApprovalId.of(sixteen("approval 5"));
    assertTrue(ask(view -> view.approvals().find(kept)).isPresent());
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_GIVEN, 2));
    assertEquals(1, ignored(), "what is forgotten takes no step");
  }

  @Test
  void shouldFindApprovalsByTheBeginningOfTheirIds() {
    journal.record(request(1, 1, FOREVER), request(2, 1, FOREVER));
    journal.record(move(1, ApprovalStep.APPROVAL_STEP_GIVEN, 2));
    String id = ApprovalId.of(sixteen("approval 1")).toString();
    assertEquals(1, ask(view -> view.approvals().withPrefix(id.substring(0, 9))).size());
    assertEquals(2, ask(view -> view.approvals().withPrefix("")).size());
    assertEquals(2, ask(view -> view.approvals().all()).size());
  }

  @Test
  void shouldKeepTheNewestRule() {
    assertTrue(ask(view -> view.approvals().rule()).isEmpty());
    for (long valid : new long[] {1, 2}) {
      journal.record(
          change(c ->
              c.setApprovalRuleSet(
                  ApprovalRuleSet.newBuilder()
                      .addKinds(ActKind.ACT_KIND_KEY_EXPORT)
                      .setValidMillis(valid))));
    }
    assertEquals(2, ask(view -> view.approvals().rule()).orElseThrow().getValidMillis());
  }

  @Test
  void shouldRememberWhichRecordsSayWhatPeopleDid() {
    Change audit = change(c -> c.setAudit(Audit.getDefaultInstance()));
    journal.record(audit, audit);
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_VIEWER));
    journal.record(orderJob(1, 1), JournalScript.applyPolicy(1, 1));
    AppliedRecord last = journal.record(audit);
    assertArrayEquals(new long[] {5, 4, 2}, ask(view -> view.audits().newest(0, Long.MAX_VALUE)));
    assertArrayEquals(new long[] {5, 4}, ask(view -> view.audits().newest(0, 2)));
    assertArrayEquals(
        new long[] {5},
        ask(view -> view.audits().newest(last.body().getTimeMillis(), Long.MAX_VALUE)));
  }

  private static Change introduceRoot() {
    return change(c -> c.setRootIntroduced(RootIntroduced.getDefaultInstance()));
  }

  private static Change retireRoot() {
    return change(c -> c.setRootRetired(RootRetired.getDefaultInstance()));
  }

  private static Change createEnrolmentToken(int token) {
    return change(c ->
        c.setTokenCreated(
            TokenCreated.newBuilder()
                .setToken(bytes(hash("token " + token).toByteArray()))
                .setExpiresMillis(FOREVER)));
  }

  /** Of tokens 1, 2, ..., made for people and for hosts, those that are good. */
  private List<Integer> goodTokens(int count) {
    return IntStream.rangeClosed(1, count)
        .filter(token -> {
          Bytes32 id = hash("token " + token);
          boolean isGood = !ask(view -> view.people().token(id)).orElseThrow().isRevoked();
          assertEquals(
              isGood, !ask(view -> view.fleet().token(id)).orElseThrow().isOfRetiredRoot());
          return isGood;
        })
        .boxed()
        .toList();
  }

  @Test
  void shouldEndTokensWithTheRootThatTheyWereMadeUnder() {
    journal.record(setPerson(1, PersonRole.PERSON_ROLE_ADMIN));
    journal.record(createToken(1, 1), createEnrolmentToken(1));
    journal.record(retireRoot());
    assertEquals(List.of(1), goodTokens(1), "there was nothing to retire");
    journal.record(introduceRoot());
    journal.record(createToken(2, 1), createEnrolmentToken(2));
    assertEquals(List.of(1, 2), goodTokens(2), "both roots are believed");
    journal.record(introduceRoot()); // two at most
    journal.record(retireRoot());
    journal.record(createToken(3, 1), createEnrolmentToken(3));
    assertEquals(List.of(2, 3), goodTokens(3));
    journal.record(retireRoot());
    assertEquals(List.of(2, 3), goodTokens(3), "once");
    journal.record(introduceRoot());
    journal.record(createToken(4, 1), createEnrolmentToken(4));
    assertEquals(List.of(2, 3, 4), goodTokens(4));
    journal.record(retireRoot());
    assertEquals(List.of(4), goodTokens(4));
    assertEquals(3, ignored());
  }
}
