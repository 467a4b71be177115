package io.holdfast.coordinator.people;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ApprovalId;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.PersonId;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.fleet.CallPolicy;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.people.Approval.State;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.stored.v1.ApprovalDetails;
import io.holdfast.proto.stored.v1.ApprovalRequested;
import io.holdfast.proto.stored.v1.ApprovalStep;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Second persons. Any thread; decisions are made one after another.
 *
 * <ol>
 *   <li>I1: an act that needs a second person begins only after the record by which that person
 *       gave it is durable and applied here.
 *   <li>I2: it begins at most once. Of several who give it at one time the journal takes one, and
 *       another record comes before the act. If the coordinator stops before that one, its asker
 *       may begin the act by making the same call again, in time; if it stops after it, nobody
 *       knows what became of the act, and it can only be asked for anew.
 *   <li>I3: who gives it isn't who asked, may make the call himself, and is told what it would do
 *       in the words that were shown when it was asked for; if these have become others, it can't
 *       be given.
 *   <li>I4: who asked must still be allowed to make the call when it is given, and when he makes it
 *       again.
 * </ol>
 */
public final class Approvals {
  /** Requests that wait at one time: who asks for more than that hides something among them. */
  static final int OPEN_MAX = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(Approvals.class);
  private static final int ADMINS_MIN = 2;

  private final FleetPorts ports;
  private final PeopleBook people;
  private final ApprovalBook book;
  private final ReentrantLock deciding = new ReentrantLock();

  /** Given by a call that goes on here. */
  private final Set<ApprovalId> running = ConcurrentHashMap.newKeySet();

  public Approvals(FleetPorts ports, PeopleBook people) {
    this.ports = ports;
    this.people = people;
    this.book = new ApprovalBook(ports, running::contains);
  }

  // The rule.

  public ApprovalRule rule() {
    return book.rule();
  }

  /**
   * Whether an act of {@code kind} needs a second person if {@code actor} asks for it. Whoever uses
   * the local socket can always manage people: see the package's words.
   */
  public boolean isNeeded(ActKind kind, Actor actor) {
    return rule().kinds().contains(kind) && !(kind == ActKind.ACT_KIND_PEOPLE && actor.isLocal());
  }

  /** INVALID_ARGUMENT unless there are people who could be each other's second person. */
  public void requireFeasible(ApprovalRule wanted) {
    long admins = people.all().stream().filter(person -> person.role() == Role.ADMIN).count();
    if (!wanted.needsNobody() && admins < ADMINS_MIN) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a second person needs to be there: there are "
              + admins
              + " people of role admin and there must be "
              + ADMINS_MIN
              + "; add them with: holdfast user add");
    }
  }

  /** Puts {@code wanted} in force; errors of {@link #requireFeasible} and of the journal. */
  public ApprovalRule setRule(ApprovalRule wanted, String actor) throws InterruptedException {
    deciding.lockInterruptibly();
    try {
      requireFeasible(wanted);
      if (!wanted.equals(rule())) {
        book.set(wanted, actor);
      }
      return rule();
    } finally {
      deciding.unlock();
    }
  }

  // Asking.

  /**
   * Returns if {@code actor} may go on with {@code act} now: it needs nobody else, or was given to
   * him and waits for him. Else his request is journalled, unless the same one waits already, and
   * APPROVAL_REQUIRED says what to do. All names in {@code request} have to be resolved: what they
   * mean may change until it is given.
   */
  public void require(Act act, Message request, Actor actor) throws InterruptedException {
    if (!isNeeded(act.kind(), actor)) {
      return;
    }
    ByteString bytes = request.toByteString();
    deciding.lockInterruptibly();
    try {
      List<Approval> own = ownOf(act, bytes, actor);
      if (collect(own, act, bytes, actor)) {
        return;
      }
      Optional<Approval> waiting = own.stream().filter(one -> one.state() == State.OPEN).findAny();
      Approval asked = waiting.isPresent() ? waiting.get() : ask(act, bytes, actor);
      throw required(asked, act);
    } finally {
      deciding.unlock();
    }
  }

  private List<Approval> ownOf(Act act, ByteString request, Actor actor) {
    return book.list((state, _) -> isWaiting(state), Integer.MAX_VALUE).stream()
        .filter(one -> one.askerId().equals(actor.person()))
        .filter(one -> one.method().equals(act.method()) && one.act().equals(request))
        .toList();
  }

  private static boolean isWaiting(State state) {
    return state == State.OPEN || state == State.GIVEN;
  }

  /** Uses up one that was given and hasn't begun, if what it would do is still the same. */
  private boolean collect(List<Approval> own, Act act, ByteString request, Actor actor)
      throws InterruptedException {
    Optional<Approval> given = own.stream().filter(one -> one.state() == State.GIVEN).findFirst();
    if (given.isEmpty() || !act.effect(request).equals(given.get().effect())) {
      return false;
    }
    String how = act.isCollected() ? "collected" : "begun by who asked";
    return book.move(given.get(), ApprovalStep.APPROVAL_STEP_CARRIED_OUT, actor, how);
  }

  private Approval ask(Act act, ByteString request, Actor actor) throws InterruptedException {
    String effect = act.effect(request);
    if (book.count(State.OPEN) >= OPEN_MAX) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          OPEN_MAX + " requests wait for a second person already; see: holdfast approval ls");
    }
    ApprovalRequested.Builder asked =
        ApprovalRequested.newBuilder()
            .setApproval(ByteString.copyFrom(ports.randomness().bytes(16)))
            .setKind(act.kind())
            .setExpiresMillis(ports.time().now().plus(rule().valid()).toEpochMilli())
            .setActSha256(ByteString.copyFrom(hash(act.method(), request)));
    actor.person().map(PersonId::toByteArray).map(ByteString::copyFrom).ifPresent(asked::setPerson);
    ApprovalDetails details =
        ApprovalDetails.newBuilder()
            .setActor(actor.name())
            .setMethod(act.method())
            .setAct(request)
            .setEffect(effect)
            .build();
    Approval made = book.ask(asked.build(), details);
    LOG.info("request {} of {} waits for a second person", made.shortId(), actor);
    return made;
  }

  private static byte[] hash(String method, ByteString request) {
    MessageDigest digest = Digests.newSha256();
    digest.update(method.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return digest.digest(request.toByteArray());
  }

  private static HoldfastException required(Approval asked, Act act) {
    return new HoldfastException(
        ErrorCode.APPROVAL_REQUIRED,
        "this needs a second person, and waits as request "
            + asked.shortId()
            + " until "
            + Instant.ofEpochMilli(asked.expiresMillis())
            + "; somebody else lets it happen with: holdfast approval give "
            + asked.shortId()
            + (act.isCollected() ? "; then run the same command again" : ""));
  }

  // Looking and deciding.

  /**
   * Those that somebody has to do something about, or {@code all} that are known, the newest first
   * and at most {@code limit}.
   */
  public List<Approval> list(boolean all, int limit) {
    long nowMillis = ports.time().now().toEpochMilli();
    return book.list(
        (state, expiresMillis) -> all || isUnsettled(state, expiresMillis >= nowMillis), limit);
  }

  /** How many wait for a second person. */
  public long openCount() {
    return book.count(State.OPEN);
  }

  private static boolean isUnsettled(State state, boolean isInTime) {
    return switch (state) {
      case OPEN, GIVEN, BEGUN -> true;
      case INTERRUPTED -> isInTime;
      case REFUSED, EXPIRED, CARRIED_OUT, FAILED -> false;
    };
  }

  /** APPROVAL_NOT_FOUND, or INVALID_ARGUMENT for what names several. */
  public Approval show(String name) {
    return book.get(name);
  }

  /**
   * Gives, as the second person, what {@code name} asks for, and carries it out unless its asker
   * collects it. Errors of {@link #show}; APPROVAL_CLOSED if it can't be given any more;
   * NOT_AUTHORISED for who can't be the second person; and those of the act, which is then used up.
   *
   * @param acts by their methods
   */
  public Approval give(String name, Actor giver, Map<String, Act> acts)
      throws InterruptedException {
    Approval asked;
    Act act;
    deciding.lockInterruptibly();
    try {
      asked = requireOpen(book.get(name));
      requireSecond(asked, giver);
      requireAskerStillMay(asked);
      act = act(asked, acts);
      requireSameEffect(act, asked);
      if (!act.isCollected()) {
        running.add(asked.id());
      }
      giveNow(asked, giver);
    } finally {
      deciding.unlock();
    }
    return act.isCollected() ? book.get(asked.id().toString()) : carryOut(act, asked, giver);
  }

  private void giveNow(Approval asked, Actor giver) throws InterruptedException {
    boolean isGiven = false;
    try {
      isGiven = book.move(asked, ApprovalStep.APPROVAL_STEP_GIVEN, giver, "");
    } finally {
      if (!isGiven) {
        running.remove(asked.id());
      }
    }
    if (!isGiven) {
      Approval now = book.get(asked.id().toString());
      throw closed(now, "it is " + word(now.state()) + " by now");
    }
  }

  private static Approval requireOpen(Approval approval) {
    if (approval.state() != State.OPEN) {
      throw closed(approval, "it is " + word(approval.state()));
    }
    return approval;
  }

  private static String word(State state) {
    return switch (state) {
      case OPEN -> "open";
      case GIVEN -> "given already";
      case BEGUN -> "being carried out";
      case INTERRUPTED -> "begun, and the coordinator stopped then";
      case REFUSED -> "refused";
      case EXPIRED -> "expired";
      case CARRIED_OUT -> "carried out";
      case FAILED -> "given already, and failed";
    };
  }

  private static HoldfastException closed(Approval approval, String why) {
    return new HoldfastException(
        ErrorCode.APPROVAL_CLOSED,
        "request " + approval.shortId() + " can't be given: " + why + "; ask anew");
  }

  private static void requireSecond(Approval asked, Actor giver) {
    if (giver.isLocal()) {
      throw denied(
          "whoever uses the local socket is nobody by name, and can't be the second person; call"
              + " with an access token of your own");
    }
    if (asked.askerId().equals(giver.person())) {
      throw denied("you asked for it yourself; somebody else has to give it");
    }
    if (!CallPolicy.allowed(asked.method()).contains(giver.role())) {
      throw denied(
          giver
              + " may not do it himself, as "
              + Roles.word(giver.role())
              + "; somebody who may has to give it");
    }
  }

  private static HoldfastException denied(String why) {
    return new HoldfastException(ErrorCode.NOT_AUTHORISED, why);
  }

  private void requireAskerStillMay(Approval asked) {
    boolean still =
        asked.askerId().isEmpty()
            || people
                .actor(asked.askerId().get())
                .filter(asker -> CallPolicy.allowed(asked.method()).contains(asker.role()))
                .isPresent();
    if (!still) {
      throw closed(asked, asked.asker() + ", who asked, may not do it any longer");
    }
  }

  private static Act act(Approval asked, Map<String, Act> acts) {
    Act act = acts.get(asked.method());
    if (act == null) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "request "
              + asked.shortId()
              + " is for "
              + asked.method()
              + ", which this version can't do; update this coordinator");
    }
    return act;
  }

  private static void requireSameEffect(Act act, Approval asked) {
    String now = act.effect(asked.act());
    if (!now.equals(asked.effect())) {
      throw closed(asked, "it would do something else by now: " + now);
    }
  }

  private Approval carryOut(Act act, Approval given, Actor giver) throws InterruptedException {
    try {
      if (!book.move(given, ApprovalStep.APPROVAL_STEP_BEGUN, giver, "")) {
        throw closed(given, "its time ran out before it began");
      }
      String text = carriedOut(act, given, giver);
      var _ = book.move(given, ApprovalStep.APPROVAL_STEP_CARRIED_OUT, giver, text);
    } finally {
      running.remove(given.id());
    }
    return book.get(given.id().toString());
  }

  private String carriedOut(Act act, Approval given, Actor giver) throws InterruptedException {
    try {
      return act.carryOut(given.act(), given.asker());
    } catch (RuntimeException e) {
      HoldfastException why = RpcErrors.asHoldfast(e);
      var _ = book.move(given, ApprovalStep.APPROVAL_STEP_FAILED, giver, why.getMessage());
      throw new HoldfastException(
          why.code(),
          "request "
              + given.shortId()
              + " was given, and what it asks for failed: "
              + why.getMessage()
              + "; it is used up, ask anew",
          why);
    }
  }

  /**
   * Refuses what {@code name} asks for; who asked takes it back so. Errors of {@link #show},
   * APPROVAL_CLOSED, NOT_AUTHORISED, INVALID_ARGUMENT for a reason that can't be.
   */
  public Approval refuse(String name, String reason, Actor actor) throws InterruptedException {
    Facts.check("reason", reason);
    deciding.lockInterruptibly();
    try {
      Approval asked = requireOpen(book.get(name));
      boolean own = asked.askerId().equals(actor.person());
      if (!own && !CallPolicy.allowed(asked.method()).contains(actor.role())) {
        throw denied(actor + " could not give it, and so can't refuse it");
      }
      var _ = book.move(asked, ApprovalStep.APPROVAL_STEP_REFUSED, actor, reason);
      return book.get(asked.id().toString());
    } finally {
      deciding.unlock();
    }
  }
}
