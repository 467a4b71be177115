package io.holdfast.coordinator.people;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ApprovalId;
import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.catalog.ApprovalQueries;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedApproval;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.people.Approval.State;
import io.holdfast.proto.stored.v1.ApprovalDetails;
import io.holdfast.proto.stored.v1.ApprovalMoveDetails;
import io.holdfast.proto.stored.v1.ApprovalMoved;
import io.holdfast.proto.stored.v1.ApprovalRequested;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What was asked for and decided, as the journal has it. Any thread. */
final class ApprovalBook {
  private final FleetPorts ports;
  private final Audits audits;
  private final Predicate<ApprovalId> isRunning;

  /**
   * A book.
   *
   * @param isRunning whether this process carries an act out now
   */
  ApprovalBook(FleetPorts ports, Predicate<ApprovalId> isRunning) {
    this.ports = ports;
    this.isRunning = isRunning;
    this.audits = new Audits(ports.mutations());
  }

  ApprovalRule rule() {
    return look(ApprovalQueries::rule).map(ApprovalRule::of).orElse(ApprovalRule.NONE);
  }

  /** Those that {@code fits}, by state and expiry: the newest first, and at most {@code limit}. */
  List<Approval> list(BiPredicate<State, Long> fits, int limit) {
    return look(ApprovalQueries::all).stream()
        .filter(one -> fits.test(state(one), one.request().getExpiresMillis()))
        .sorted(Comparator.comparingLong(RecordedApproval::askedMillis).reversed())
        .limit(limit)
        .map(this::approval)
        .toList();
  }

  long count(State state) {
    return look(ApprovalQueries::all).stream().filter(one -> state(one) == state).count();
  }

  /** The one whose id is, or begins with, {@code name}. APPROVAL_NOT_FOUND, INVALID_ARGUMENT. */
  Approval get(String name) {
    List<RecordedApproval> fitting = name.isEmpty() ? List.of() : look(all -> all.withPrefix(name));
    if (fitting.size() > 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "'"
              + name
              + "' begins the ids of several requests: "
              + fitting.stream().map(one -> one.id().toString()).collect(Collectors.joining(", "))
              + "; give more digits");
    }
    return fitting.stream()
        .findFirst()
        .map(this::approval)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.APPROVAL_NOT_FOUND,
                "no request has an id that begins with '"
                    + name
                    + "'; see them with: holdfast approval ls"));
  }

  private <T> T look(Function<ApprovalQueries, T> question) {
    try (CatalogView view = ports.views().get()) {
      return question.apply(view.approvals());
    }
  }

  private Approval approval(RecordedApproval recorded) {
    ApprovalDetails details =
        ports
            .mutations()
            .open(recorded.mutation())
            .map(Details::getApproval)
            .orElse(ApprovalDetails.getDefaultInstance());
    ApprovalRequested request = recorded.request();
    Optional<RecordedApproval.Move> first = recorded.moves().stream().findFirst();
    State state = state(recorded);
    return new Approval(
        recorded.id(),
        request.getKind(),
        state,
        details.getActor(),
        recorded.asker(),
        recorded.askedMillis(),
        request.getExpiresMillis(),
        details.getMethod(),
        details.getAct(),
        details.getEffect(),
        first.map(move -> details(move).getActor()).orElse(""),
        first.map(RecordedApproval.Move::timeMillis).orElse(0L),
        hint(state).orElse(recorded.last().map(move -> details(move).getText()).orElse("")));
  }

  private static Optional<String> hint(State state) {
    return switch (state) {
      case GIVEN -> Optional.of("it waits for who asked, who runs the same command again");
      case INTERRUPTED ->
          Optional.of(
              "the coordinator stopped while it was carried out: look what became of it, and ask"
                  + " anew if need be");
      case OPEN, BEGUN, REFUSED, EXPIRED, CARRIED_OUT, FAILED -> Optional.empty();
    };
  }

  private ApprovalMoveDetails details(RecordedApproval.Move move) {
    return ports
        .mutations()
        .open(move.mutation())
        .map(Details::getApprovalMove)
        .orElse(ApprovalMoveDetails.getDefaultInstance());
  }

  private State state(RecordedApproval recorded) {
    boolean late = ports.time().now().toEpochMilli() > recorded.request().getExpiresMillis();
    if (recorded.last().isEmpty()) {
      return late ? State.EXPIRED : State.OPEN;
    }
    boolean runs = isRunning.test(recorded.id());
    RecordedApproval.Move last = recorded.last().get();
    return switch (last.step()) {
      case APPROVAL_STEP_GIVEN -> {
        State waiting = late ? State.EXPIRED : State.GIVEN;
        State left = last.beginsByRecord() ? waiting : State.INTERRUPTED; // it may have begun
        yield runs ? State.BEGUN : left;
      }
      case APPROVAL_STEP_BEGUN -> runs ? State.BEGUN : State.INTERRUPTED;
      case APPROVAL_STEP_REFUSED -> State.REFUSED;
      case APPROVAL_STEP_CARRIED_OUT -> State.CARRIED_OUT;
      case APPROVAL_STEP_FAILED -> State.FAILED;
      case APPROVAL_STEP_UNSPECIFIED, UNRECOGNIZED ->
          throw new HoldfastException(
              ErrorCode.CATALOG_DAMAGED, "the catalog has an approval in no state; rebuild it");
    };
  }

  // Changes.

  /** Journals a request. */
  Approval ask(ApprovalRequested request, ApprovalDetails details) throws InterruptedException {
    ports.append(
        ports
            .mutations()
            .seal(
                Change.newBuilder().setApprovalRequested(request).build(),
                Details.newBuilder().setApproval(details).build()),
        audits.of(
            details.getActor(),
            "approval_ask",
            Optional.empty(),
            id(request).toString().substring(0, 8) + ": " + details.getEffect()));
    return get(id(request).toString());
  }

  private static ApprovalId id(ApprovalRequested request) {
    return ApprovalId.of(request.getApproval().toByteArray());
  }

  /** Journals the next step; effective, and the only one of its kind, if this returns true. */
  boolean move(Approval approval, ApprovalStep step, Actor actor, String text)
      throws InterruptedException {
    ApprovalMoved.Builder moved =
        ApprovalMoved.newBuilder()
            .setApproval(ByteString.copyFrom(approval.id().toByteArray()))
            .setStep(step)
            .setBeginsByRecord(step == ApprovalStep.APPROVAL_STEP_GIVEN);
    actor.person().map(PersonId::toByteArray).map(ByteString::copyFrom).ifPresent(moved::setPerson);
    ApprovalMoveDetails details =
        ApprovalMoveDetails.newBuilder().setActor(actor.name()).setText(text).build();
    ports.append(
        ports
            .mutations()
            .seal(
                Change.newBuilder().setApprovalMoved(moved).build(),
                Details.newBuilder().setApprovalMove(details).build()),
        audits.of(actor.name(), action(step), Optional.empty(), approval.shortId() + words(text)));
    return look(all -> all.find(approval.id()))
        .flatMap(RecordedApproval::last)
        .filter(last -> last.step() == step)
        .isPresent();
  }

  private static String action(ApprovalStep step) {
    return switch (step) {
      case APPROVAL_STEP_GIVEN -> "approval_give";
      case APPROVAL_STEP_BEGUN -> "approval_begin";
      case APPROVAL_STEP_REFUSED -> "approval_refuse";
      case APPROVAL_STEP_CARRIED_OUT -> "approval_done";
      case APPROVAL_STEP_FAILED -> "approval_fail";
      case APPROVAL_STEP_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("no step of an approval");
    };
  }

  private static String words(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }

  void set(ApprovalRule rule, String actor) throws InterruptedException {
    ports.append(
        MutationSealer.clear(Change.newBuilder().setApprovalRuleSet(rule.stored()).build()),
        audits.of(actor, "approval_rule", Optional.empty(), rule.toString()));
  }
}
