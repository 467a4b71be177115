package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.journal.ModelWorld.Call;
import io.holdfast.coordinator.journal.ModelWorld.Member;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Two coordinators and a vault as a graph of worlds, walked to the end within {@link Bounds}: every
 * order of every step, where a step is one read of a slot, the sending of a create, its effect in
 * the vault, its answer, an acknowledgement, a crash, the late landing of a request whose answer
 * was lost, a power cut. A coordinator that isn't stepped is a paused one. Rules, replay and drafts
 * are the real ones (or {@link Planted}); everything they compute is remembered, being pure.
 *
 * <p>A third coordinator, who led term 1, is dishonest within bounds: it may put into the next slot
 * a record of its old term, or, with the present leader's key, one that chains past the last
 * record.
 */
final class JournalModel {
  /**
   * How far to go.
   *
   * @param leaderships how often each coordinator may go for a term
   * @param appends records of one leadership after its first
   * @param faults answers lost, vault full, failed syncs, reads without answer, crashes: in all
   * @param strays records of the dishonest coordinator
   */
  record Bounds(int leaderships, int appends, int faults, int strays) {}

  private record Origin(ModelWorld from, String step) {}

  private record Checked(
      List<Integer> slots,
      Set<Integer> acknowledged,
      Set<Integer> rejected,
      Set<Integer> counted,
      boolean cut) {}

  private static final int MEMBERS = 2;

  private final Bounds bounds;
  private final Planted planted;
  private final AppendRules rules;
  private final Replay replay;

  private final Numbered<JournalState> states = new Numbered<>();
  private final Numbered<AppendPhase> phases = new Numbered<>();
  private final Numbered<ByteString> records = new Numbered<>();
  private final Map<List<Object>, Object> computed = new HashMap<>();
  private final Map<ModelWorld, Origin> seen = new HashMap<>();
  private final ArrayDeque<ModelWorld> open = new ArrayDeque<>();
  private final Set<Object> checked = new HashSet<>();
  private ModelWorld current;

  JournalModel(Bounds bounds, Planted planted) {
    this.bounds = bounds;
    this.planted = planted;
    this.rules = planted.rules();
    this.replay = planted.replay();
  }

  /**
   * Walks all worlds.
   *
   * @return how many there are
   * @throws JournalClaims.Broken with the steps that led to it
   */
  int walk() {
    Verdict.Valid genesis = TestFleet.genesis();
    int record = records.of(genesis.record().bytes());
    Member fresh = Member.fresh(states.of(onlyAnchor(genesis.after())), 0);
    reach(
        new ModelWorld(
            List.of(record),
            Set.of(),
            Set.of(),
            List.of(fresh, fresh),
            Set.of(),
            Set.of(),
            Set.of(record),
            bounds.faults(),
            bounds.strays(),
            false),
        "begin");
    while (!open.isEmpty()) {
      current = open.pop();
      for (int member = 0; member < MEMBERS; member++) {
        stepMember(member);
      }
      stepVault();
    }
    return seen.size();
  }

  private static JournalState onlyAnchor(JournalState state) {
    return JournalState.after(TestFleet.ANCHOR, state.mustHead(), 1);
  }

  // Steps of a coordinator.

  private void stepMember(int index) {
    Member member = current.members().get(index);
    if (member.phase() == ModelWorld.FOLLOWING) {
      follow(index, member);
      return;
    }
    switch (phases.get(member.phase())) {
      case AppendPhase.Ready ready -> append(index, member, ready);
      case AppendPhase.Creating creating -> create(index, member, creating);
      case AppendPhase.Reading reading -> read(index, member, reading);
      case AppendPhase.Confirming confirming -> confirm(index, member, confirming);
      case AppendPhase.Won won -> acknowledge(index, member, won);
      case AppendPhase.Rejected rejected -> reject(index, member, rejected);
      case AppendPhase.Stopped stopped ->
          go(index, member.follows(member.reader()), "follows again");
    }
    if (current.faults() > 0) {
      crash(index, member);
    }
  }

  private void follow(int index, Member member) {
    JournalState state = states.get(member.reader());
    int at = (int) state.nextSeq() - 1;
    if (at < current.slots().size()) {
      int record = current.slots().get(at);
      Verdict verdict =
          record == ModelWorld.HOLE ? replay.missing(state) : judge(member.reader(), record);
      if (!(verdict instanceof Verdict.Damaged)) {
        ModelWorld read = current.member(index, member.follows(states.of(verdict.after())));
        boolean counts = verdict instanceof Verdict.Valid;
        reach(counts ? read.counts(record) : read, index + " reads slot " + (at + 1));
      }
    } else if (member.leaderships() < bounds.leaderships()) {
      Verdict.Valid draft =
          compute(
              () -> planted.drafter(index + 1, token(index, member)).startTerm(state),
              "start",
              member.reader(),
              token(index, member));
      begin(index, member, draft, state, member.leaderships() + 1, 0, "contends");
    }
  }

  private static int token(int index, Member member) {
    return 16 * (index + 1) + member.leaderships();
  }

  private void append(int index, Member member, AppendPhase.Ready ready) {
    if (member.appends() == bounds.appends()) {
      return;
    }
    int token = token(index, member);
    String text = token + "/" + member.appends();
    Verdict.Valid draft =
        compute(
            () ->
                planted
                    .drafter(index + 1, token)
                    .carry(ready.state(), List.of(TestFleet.mutation(text))),
            "carry",
            member.reader(),
            text);
    begin(
        index,
        member,
        draft,
        ready.state(),
        member.leaderships(),
        member.appends() + 1,
        "appends " + text);
  }

  private void begin(
      int index,
      Member member,
      Verdict.Valid draft,
      JournalState state,
      int leaderships,
      int appends,
      String step) {
    int phase = phases.of(rules.begin(new AppendPhase.Ready(state), draft));
    go(index, member.begins(phase, leaderships, appends), step);
  }

  private void create(int index, Member member, AppendPhase.Creating creating) {
    int record = records.of(creating.draft().record().bytes());
    switch (member.call()) {
      case NONE -> go(index, member.at(member.phase(), Call.SENT), "sends");
      case SENT -> sent(index, member, record);
      case CREATED -> answer(index, member, new SlotOutcome.Created());
      case EXISTED -> answer(index, member, new SlotOutcome.Exists());
    }
  }

  /** What may happen to a request on its way. */
  private void sent(int index, Member member, int record) {
    if (member.broken()) {
      answerWith(index, member, new SlotOutcome.Unknown("refused"), current, "is refused");
      return;
    }
    Call done = current.isFree(slotOf(record)) ? Call.CREATED : Call.EXISTED;
    reach(
        put(current, record, true).member(index, member.at(member.phase(), done)),
        index + " takes effect");
    if (current.faults() == 0) {
      return;
    }
    ModelWorld fault = current.spendFault();
    ModelWorld lost = fault.late(record, true);
    answerWith(index, member, new SlotOutcome.Unknown("lost"), lost, "loses its request");
    answerWith(index, member, new SlotOutcome.Full("full"), fault, "meets a full vault");
    ModelWorld unsynced = put(fault, record, false);
    Member broken = member.breaks();
    answerWith(index, broken, new SlotOutcome.SyncFailed("EIO"), unsynced, "fails to sync");
    answerWith(index, broken, new SlotOutcome.Unknown("EIO"), unsynced, "fails to sync, unclearly");
  }

  private void answer(int index, Member member, SlotOutcome outcome) {
    answerWith(index, member, outcome, current, "is answered");
    if (current.faults() > 0) {
      SlotOutcome unknown = new SlotOutcome.Unknown("lost");
      answerWith(index, member, unknown, current.spendFault(), "loses its answer");
    }
  }

  private void answerWith(
      int index, Member member, SlotOutcome outcome, ModelWorld world, String step) {
    AppendPhase.Creating creating = (AppendPhase.Creating) phases.get(member.phase());
    int next =
        compute(
            () -> phases.of(unhurried(rules.afterCreate(creating, outcome))),
            "created",
            member.phase(),
            outcome);
    reach(world.member(index, member.at(next, Call.NONE)), index + " " + step);
  }

  private void read(int index, Member member, AppendPhase.Reading reading) {
    Optional<ByteString> content = contentOf((int) reading.draft().seq() - 1);
    AppendPhase next = unhurried(rules.afterRead(reading, content));
    go(index, member.at(phases.of(next), Call.NONE), "reads its slot back");
    if (current.faults() > 0) {
      AppendPhase again = unhurried(rules.afterNoAnswer(reading));
      reach(
          current.spendFault().member(index, member.at(phases.of(again), Call.NONE)),
          index + " gets no answer");
    }
  }

  private void confirm(int index, Member member, AppendPhase.Confirming confirming) {
    Optional<ByteString> content = contentOf((int) confirming.left().getFirst().seq() - 1);
    AppendPhase next = rules.afterConfirm(confirming, content);
    go(index, member.at(phases.of(next), Call.NONE), "confirms a lower slot");
  }

  private Optional<ByteString> contentOf(int at) {
    return current.isFree(at)
        ? Optional.empty()
        : Optional.of(records.get(current.slots().get(at)));
  }

  private void acknowledge(int index, Member member, AppendPhase.Won won) {
    int record = records.of(won.draft().record().bytes());
    Member ready = member.leads(states.of(won.draft().after()), phases.of(rules.afterApply(won)));
    reach(
        current.member(index, ready).acknowledges(record),
        index + " acknowledges " + won.draft().record());
  }

  private void reject(int index, Member member, AppendPhase.Rejected rejected) {
    if (member.led()) {
      Member next = member.at(phases.of(rules.afterReject(rejected)), Call.NONE);
      // The phase no longer holds the draft; it is the one that began this append.
      ModelWorld told = current.rejects(lastDraft(index, member));
      reach(told.member(index, next), index + " reports: not written");
    } else {
      go(index, member.follows(member.reader()), "finds no room");
    }
  }

  private int lastDraft(int index, Member member) {
    int token = token(index, member);
    String text = token + "/" + (member.appends() - 1);
    Verdict.Valid draft =
        compute(
            () -> {
              throw new AssertionError("not drafted");
            },
            "carry",
            member.reader(),
            text);
    return records.of(draft.record().bytes());
  }

  /** Forgets everything but what is in the vault; a request on its way may still land. */
  private void crash(int index, Member member) {
    ModelWorld world = current.spendFault();
    if (member.call() == Call.SENT
        && phases.get(member.phase()) instanceof AppendPhase.Creating creating) {
      world = world.late(records.of(creating.draft().record().bytes()), true);
    }
    int start = states.of(onlyAnchor(TestFleet.genesis().after()));
    Member restarted = Member.fresh(start, member.leaderships());
    reach(world.member(index, restarted), index + " crashes");
  }

  // Steps of the vault and of the dishonest coordinator.

  private void stepVault() {
    for (int record : current.late()) {
      reach(put(current, record, true).late(record, false), "a late request lands");
    }
    if (!current.loose().isEmpty()) {
      reach(current.powerFails(), "the power fails");
    }
    if (current.strays() > 0 && !current.cut()) {
      strays();
    }
  }

  private void strays() {
    JournalState end = soundState(current.slots());
    if (end.damage().isPresent()) {
      return;
    }
    JournalHead head = end.mustHead();
    if (head.authority().term() > 1) {
      stray(end, 0, body -> body.setTerm(1), "a record of term 1 turns up");
    }
    if (head.last().seq() > 1) {
      ByteString key = head.signers().getLast().key().encoded();
      stray(
          end,
          key.byteAt(key.size() - 1),
          body ->
              body.setPreviousHash(
                  ByteString.copyFrom(TestFleet.genesis().slot().hash().toByteArray())),
          "a record turns up that chains past the last");
    }
  }

  private void stray(
      JournalState end,
      int signer,
      java.util.function.UnaryOperator<RecordBody.Builder> change,
      String step) {
    RecordBody honest =
        TestFleet.drafter(signer, 99).startTerm(end).record().body().toBuilder()
            .setTerm(end.mustHead().authority().term())
            .clearMutations()
            .addMutations(TestFleet.mutation("stray"))
            .build();
    ByteString record =
        RecordCodec.encode(change.apply(honest.toBuilder()).build(), TestFleet.signer(signer));
    reach(put(current, records.of(record), true).spendStray(), step);
  }

  // Worlds.

  private int slotOf(int record) {
    return compute(
        () -> (int) RecordCodec.parse(0, records.get(record)).seq() - 1, "slot of", record);
  }

  private ModelWorld put(ModelWorld world, int record, boolean synced) {
    return world.put(slotOf(record), record, synced, planted.vaultOverwrites());
  }

  private void go(int index, Member member, String step) {
    reach(current.member(index, member), index + " " + step);
  }

  private void reach(ModelWorld world, String step) {
    if (seen.containsKey(world)) {
      return;
    }
    seen.put(world, new Origin(current, step));
    open.push(world);
    try {
      check(world);
    } catch (JournalClaims.Broken broken) {
      broken.addSuppressed(new AssertionError("the steps were:\n  " + trace(world)));
      throw broken;
    }
  }

  private String trace(ModelWorld world) {
    List<String> steps = new ArrayList<>();
    ModelWorld at = world;
    while (at != null) {
      Origin origin = seen.get(at);
      steps.add(origin.step());
      at = origin.from();
    }
    return String.join("\n  ", steps.reversed());
  }

  // Claims.

  private void check(ModelWorld world) {
    if (checked.add(
        new Checked(
            world.slots(), world.acknowledged(), world.rejected(), world.counted(), world.cut()))) {
      Map<Long, ByteString> slots = slotsOf(world.slots());
      Map<Long, Set<RecordHash>> acknowledged =
          world.acknowledged().stream()
              .collect(
                  Collectors.groupingBy(
                      record -> slotOf(record) + 1L,
                      Collectors.mapping(this::hashOf, Collectors.toSet())));
      Set<RecordHash> counted = hashesOf(world.counted());
      JournalClaims.neverTwoCommittersForOneSlot(acknowledged);
      JournalClaims.whatWasReportedAsNotWrittenNeverCounts(slots, hashesOf(world.rejected()));
      JournalClaims.aDeposedWritersLateRecordDoesNotCount(slots, counted);
      JournalClaims.anAcknowledgedRecordIsValid(slots, acknowledged);
      if (!world.cut()) {
        JournalClaims.honestWritersCauseNoDamage(slots);
        JournalClaims.whatCountsIsOneChain(slots, counted);
      }
    }
    for (Member member : world.members()) {
      int read = (int) states.get(member.reader()).nextSeq() - 1;
      if (!world.cut()
          && read <= world.slots().size()
          && checked.add(List.of(world.slots().subList(0, read), member.reader()))) {
        JournalClaims.everyReaderAgreesOnEveryPrefix(
            slotsOf(world.slots()), states.get(member.reader()));
      }
    }
  }

  private Map<Long, ByteString> slotsOf(List<Integer> slots) {
    Map<Long, ByteString> map = new TreeMap<>();
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i) != ModelWorld.HOLE) {
        map.put(i + 1L, records.get(slots.get(i)));
      }
    }
    return map;
  }

  private Set<RecordHash> hashesOf(Set<Integer> numbers) {
    return numbers.stream().map(this::hashOf).collect(Collectors.toSet());
  }

  private RecordHash hashOf(int record) {
    return compute(() -> RecordCodec.hash(records.get(record)), "hash", record);
  }

  private JournalState soundState(List<Integer> slots) {
    Map<Long, ByteString> map = slotsOf(slots);
    return compute(
        () ->
            new Replay(TestFleet.VERIFIER)
                .fold(
                    JournalState.beforeGenesis(TestFleet.ANCHOR),
                    slots.size(),
                    seq -> Optional.ofNullable(map.get(seq)).map(ByteString::toByteArray)),
        "sound",
        slots);
  }

  private Verdict judge(int state, int record) {
    return compute(
        () -> replay.judge(states.get(state), records.get(record)), "judge", state, record);
  }

  /** How often something was tried sets the pace, and would make every world a new one. */
  private static AppendPhase unhurried(AppendPhase phase) {
    return switch (phase) {
      case AppendPhase.Creating creating ->
          new AppendPhase.Creating(creating.state(), creating.draft(), creating.inDoubt(), 0);
      case AppendPhase.Reading reading ->
          new AppendPhase.Reading(reading.state(), reading.draft(), reading.durable(), 0);
      case AppendPhase.Confirming confirming -> confirming;
      case AppendPhase.Ready ready -> ready;
      case AppendPhase.Won won -> won;
      case AppendPhase.Rejected rejected -> rejected;
      case AppendPhase.Stopped stopped -> stopped;
    };
  }

  @SuppressWarnings("unchecked") // each kind of key is used for one type of value
  private <T> T compute(Supplier<T> pure, Object... key) {
    List<Object> at = List.of(key);
    Object known = computed.get(at);
    if (known == null) {
      known = pure.get();
      computed.put(at, known);
    }
    return (T) known;
  }
}
