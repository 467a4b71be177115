package io.holdfast.coordinator.people;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.people.Approval.State;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.stored.v1.ApprovalMoved;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApprovalsTest {
  private static final String REVOKE = "holdfast.wire.v1.Admin/RevokeHost";
  private static final RevokeHostRequest WEB =
      RevokeHostRequest.newBuilder().setHost("web").build();
  private static final RevokeHostRequest DB = RevokeHostRequest.newBuilder().setHost("db").build();

  private final PeopleKit kit = new PeopleKit(new FleetKit(54));
  private final Approvals approvals = kit.approvals;
  private final Deed deed = new Deed(false);
  private final Deed collected = new Deed(true);
  private Actor anna;
  private Actor bert;
  private Actor olga;

  /** Remembers that it was done. */
  private static final class Deed implements Act {
    private final boolean isCollected;
    private final List<String> done = new ArrayList<>();
    private String effect = "locks a host out";
    private boolean fails;
    private Runnable meanwhile = () -> {};

    Deed(boolean isCollected) {
      this.isCollected = isCollected;
    }

    @Override
    public ActKind kind() {
      return ActKind.ACT_KIND_HOST_REVOKE;
    }

    @Override
    public String method() {
      return REVOKE;
    }

    @Override
    public boolean isCollected() {
      return isCollected;
    }

    @Override
    public String effect(ByteString request) {
      return effect;
    }

    @Override
    public synchronized String carryOut(ByteString request, String asker) {
      done.add(asker);
      meanwhile.run();
      if (fails) {
        throw new HoldfastException(ErrorCode.HOST_NOT_FOUND, "it is gone");
      }
      return "locked out";
    }
  }

  @BeforeEach
  void begin() throws InterruptedException {
    anna = kit.add("anna", Role.ADMIN);
    bert = kit.add("bert", Role.ADMIN);
    olga = kit.add("olga", Role.OPERATOR);
    approvals.setRule(
        new ApprovalRule(Set.of(ActKind.ACT_KIND_HOST_REVOKE), Duration.ofHours(1)), "anna");
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private Approval ask(Deed act, RevokeHostRequest request, Actor actor) {
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> approvals.require(act, request, actor));
    return approvals.list(false, 10).getFirst();
  }

  private Approval give(Approval approval, Actor giver) throws InterruptedException {
    return approvals.give(approval.shortId(), giver, Map.of(REVOKE, deed));
  }

  private ErrorCode codeOfGiving(Approval approval, Actor giver) {
    try {
      give(approval, giver);
      throw new AssertionError("given");
    } catch (HoldfastException e) {
      return e.code();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldAskNobodyWhereTheRuleDoesNotSaySo() throws InterruptedException {
    approvals.setRule(new ApprovalRule(Set.of(ActKind.ACT_KIND_KEY_EXPORT), Duration.ZERO), "anna");
    approvals.require(deed, WEB, anna);
    assertEquals(List.of(), approvals.list(true, 10));
  }

  @Test
  void shouldCarryOutOnceWhatASecondPersonGave() throws InterruptedException {
    Approval asked = ask(deed, WEB, anna);
    assertEquals(List.of(), deed.done);
    assertEquals(State.OPEN, asked.state());
    assertEquals("locks a host out", asked.effect());
    Approval done = give(asked, bert);
    assertEquals(List.of("anna"), deed.done, "in the name of who asked");
    assertEquals(State.CARRIED_OUT, done.state());
    assertEquals("bert", done.decider());
    assertEquals("locked out", done.text());
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
    assertEquals(1, deed.done.size());
    assertEquals(List.of(), approvals.list(false, 10));
    assertEquals(1, approvals.list(true, 10).size());
  }

  @Test
  void shouldNotLetOneBeHisOwnSecondPerson() {
    Approval asked = ask(deed, WEB, anna);
    assertEquals(ErrorCode.NOT_AUTHORISED, codeOfGiving(asked, anna));
    assertEquals(ErrorCode.NOT_AUTHORISED, codeOfGiving(asked, Actor.LOCAL));
    assertEquals(ErrorCode.NOT_AUTHORISED, codeOfGiving(asked, olga), "may not do it herself");
    assertEquals(List.of(), deed.done);
    assertEquals(State.OPEN, approvals.show(asked.shortId()).state());
  }

  @Test
  void shouldAskForWhoeverUsesTheSocketToo() throws InterruptedException {
    Approval asked = ask(deed, WEB, Actor.LOCAL);
    assertEquals("local operator", asked.asker());
    assertEquals(State.CARRIED_OUT, give(asked, bert).state());
  }

  @Test
  void shouldFileTheSameRequestOnceAndAnotherOneApart() {
    Approval first = ask(deed, WEB, anna);
    assertEquals(first, ask(deed, WEB, anna));
    ask(deed, DB, anna);
    ask(deed, WEB, bert);
    assertEquals(3, approvals.list(false, 10).size());
  }

  @Test
  void shouldNotBeGivenAfterItsTime() {
    Approval asked = ask(deed, WEB, anna);
    kit.fleet.time.advance(Duration.ofHours(1).plusMillis(1));
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
    assertEquals(State.EXPIRED, approvals.show(asked.shortId()).state());
    assertFalse(ask(deed, WEB, anna).id().equals(asked.id()), "can be asked for anew");
  }

  @Test
  void shouldNotBeGivenWhenItWouldDoSomethingElseByNow() {
    Approval asked = ask(deed, WEB, anna);
    deed.effect = "locks another host out";
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
    assertEquals(List.of(), deed.done);
  }

  @Test
  void shouldNotBeGivenForWhoMayNotDoItAnyLonger() throws InterruptedException {
    Approval asked = ask(deed, WEB, anna);
    kit.people.setRole("anna", Role.OPERATOR, "bert");
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
    kit.people.remove("anna", "bert");
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
  }

  @Test
  void shouldBeRefusedByWhoCouldGiveItAndTakenBackByWhoAsked() throws InterruptedException {
    Approval asked = ask(deed, WEB, anna);
    assertCode(ErrorCode.NOT_AUTHORISED, () -> approvals.refuse(asked.shortId(), "", olga));
    Approval refused = approvals.refuse(asked.shortId(), "not today", bert);
    assertEquals(State.REFUSED, refused.state());
    assertEquals("not today", refused.text());
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
    Approval again = ask(deed, WEB, anna);
    assertEquals(State.REFUSED, approvals.refuse(again.shortId(), "", anna).state());
    assertEquals(List.of(), deed.done);
  }

  @Test
  void shouldTellWhyItFailedAndBeUsedUp() {
    deed.fails = true;
    Approval asked = ask(deed, WEB, anna);
    assertEquals(ErrorCode.HOST_NOT_FOUND, codeOfGiving(asked, bert));
    Approval failed = approvals.show(asked.shortId());
    assertEquals(State.FAILED, failed.state());
    assertEquals("it is gone", failed.text());
    assertEquals(ErrorCode.APPROVAL_CLOSED, codeOfGiving(asked, bert));
  }

  @Test
  void shouldBeCarriedOutOnceHoweverManyGiveItAtOneTime() throws Exception {
    Actor carl = kit.add("carl", Role.ADMIN);
    Approval asked = ask(deed, WEB, anna);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<State>> all =
          threads.invokeAll(
              List.<Callable<State>>of(
                  () -> give(asked, bert).state(),
                  () -> give(asked, carl).state(),
                  () -> give(asked, bert).state()));
      long given = all.stream().filter(one -> one.state() == Future.State.SUCCESS).count();
      assertEquals(1, given);
    }
    assertEquals(1, deed.done.size());
  }

  /** What a coordinator finds that starts again. */
  private Approvals afterARestart() {
    return new Approvals(kit.fleet.ports, kit.people);
  }

  /** Given, but the coordinator stopped before it began. */
  private Approval givenAndStopped() throws InterruptedException {
    Approval asked = ask(deed, WEB, anna);
    ApprovalBook book = new ApprovalBook(kit.fleet.ports, id -> false);
    assertTrue(book.move(asked, ApprovalStep.APPROVAL_STEP_GIVEN, bert, ""));
    return asked;
  }

  @Test
  void shouldLetItsAskerBeginWhatWasGivenWhenTheCoordinatorStopped() throws InterruptedException {
    Approval asked = givenAndStopped();
    Approvals again = afterARestart();
    assertEquals(State.GIVEN, again.list(false, 10).getFirst().state());
    assertTrue(again.list(false, 10).getFirst().text().contains("runs the same command again"));
    assertCode(
        ErrorCode.APPROVAL_REQUIRED, () -> again.require(deed, WEB, bert)); // not who asked for it
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> again.require(deed, DB, anna)); // nor this
    again.require(deed, WEB, anna);
    assertEquals(State.CARRIED_OUT, again.show(asked.shortId()).state());
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> again.require(deed, WEB, anna));
    assertEquals(List.of(), deed.done, "it is the call's own");
  }

  @Test
  void shouldNotBeginWhatWasGivenTooLongAgoOrWouldDoSomethingElse() throws InterruptedException {
    Approval asked = givenAndStopped();
    deed.effect = "locks another host out";
    Approvals again = afterARestart();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> again.require(deed, WEB, anna));
    deed.effect = "locks a host out";
    kit.fleet.time.advance(Duration.ofHours(1).plusMillis(1));
    assertEquals(State.EXPIRED, again.show(asked.shortId()).state());
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> again.require(deed, WEB, anna));
  }

  @Test
  void shouldNeverBeginTwiceWhatMayHaveBeenDone() throws InterruptedException {
    Approval asked = ask(deed, WEB, anna);
    deed.meanwhile =
        () -> {
          assertEquals(State.BEGUN, approvals.show(asked.shortId()).state());
          Approval stopped = afterARestart().show(asked.shortId()); // as if it stopped here
          assertEquals(State.INTERRUPTED, stopped.state());
          assertTrue(stopped.text().contains("ask anew"), stopped::text);
          assertCode(ErrorCode.APPROVAL_REQUIRED, () -> afterARestart().require(deed, WEB, anna));
        };
    give(asked, bert);
    assertEquals(1, deed.done.size());
  }

  /** Before acts had a record of their beginning. */
  @Test
  void shouldNotBeginWhatAnOlderVersionGave() throws InterruptedException {
    Approval asked = ask(deed, WEB, anna);
    ApprovalMoved given =
        ApprovalMoved.newBuilder()
            .setApproval(ByteString.copyFrom(asked.id().toByteArray()))
            .setStep(ApprovalStep.APPROVAL_STEP_GIVEN)
            .setPerson(ByteString.copyFrom(bert.person().orElseThrow().toByteArray()))
            .build();
    kit.fleet.ports.append(
        MutationSealer.clear(Change.newBuilder().setApprovalMoved(given).build()));
    assertEquals(State.INTERRUPTED, approvals.show(asked.shortId()).state());
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> approvals.require(deed, WEB, anna));
  }

  @Test
  void shouldNotBeBegunOnceItsTimeIsOver() throws InterruptedException {
    Approval asked = givenAndStopped();
    kit.fleet.time.advance(Duration.ofHours(1).plusMillis(1));
    ApprovalBook book = new ApprovalBook(kit.fleet.ports, id -> false);
    assertFalse(book.move(asked, ApprovalStep.APPROVAL_STEP_BEGUN, bert, ""));
  }

  @Test
  void shouldLetOnlyItsAskerCollectAndOnlyOnce() throws InterruptedException {
    Approval asked = ask(collected, WEB, anna);
    Map<String, Act> acts = Map.of(REVOKE, collected);
    assertEquals(State.GIVEN, approvals.give(asked.shortId(), bert, acts).state());
    assertEquals(List.of(), collected.done);
    ask(collected, WEB, bert);
    ask(collected, DB, anna);
    approvals.require(collected, WEB, anna);
    assertEquals(State.CARRIED_OUT, approvals.show(asked.shortId()).state());
    ask(collected, WEB, anna);
  }

  @Test
  void shouldNotBeCollectedAfterItsTime() throws InterruptedException {
    Approval asked = ask(collected, WEB, anna);
    approvals.give(asked.shortId(), bert, Map.of(REVOKE, collected));
    kit.fleet.time.advance(Duration.ofHours(1).plusMillis(1));
    ask(collected, WEB, anna);
  }

  @Test
  void shouldKeepTheRuleAndPeopleUnderTheRule() throws InterruptedException {
    assertTrue(approvals.isNeeded(ActKind.ACT_KIND_PEOPLE, anna));
    assertTrue(approvals.isNeeded(ActKind.ACT_KIND_APPROVAL_RULE, anna));
    assertTrue(approvals.isNeeded(ActKind.ACT_KIND_APPROVAL_RULE, Actor.LOCAL));
    assertFalse(approvals.isNeeded(ActKind.ACT_KIND_PEOPLE, Actor.LOCAL), "nobody is locked out");
    assertFalse(approvals.isNeeded(ActKind.ACT_KIND_KEY_EXPORT, anna));
    approvals.setRule(ApprovalRule.NONE, "anna");
    assertFalse(approvals.isNeeded(ActKind.ACT_KIND_PEOPLE, anna));
    assertFalse(approvals.isNeeded(ActKind.ACT_KIND_APPROVAL_RULE, anna));
  }

  @Test
  void shouldWantTwoAdminsForARule() throws InterruptedException {
    approvals.setRule(ApprovalRule.NONE, "anna");
    kit.people.remove("bert", "anna");
    ApprovalRule rule = new ApprovalRule(Set.of(ActKind.ACT_KIND_KEY_EXPORT), Duration.ZERO);
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> approvals.setRule(rule, "anna"));
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> new ApprovalRule(Set.of(), ApprovalRule.VALID_MAX.plusSeconds(1)));
  }

  @Test
  void shouldNameWhatItDoesNotFind() {
    assertCode(ErrorCode.APPROVAL_NOT_FOUND, () -> approvals.show("abcd"));
    assertCode(ErrorCode.APPROVAL_NOT_FOUND, () -> approvals.show(""));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> approvals.show("xyz"));
    Approval asked = ask(deed, WEB, anna);
    assertCode(ErrorCode.UNKNOWN_VERSION, () -> approvals.give(asked.shortId(), bert, Map.of()));
  }
}
