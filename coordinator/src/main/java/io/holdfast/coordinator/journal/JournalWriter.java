package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.journal.AppendPhase.StopReason;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.Mutation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Appends to the journal in one leadership: from its opening record until it is outvoted, resigns
 * or breaks, and never again after. {@link AppendRules} holds the state table. All appends that
 * wait when a record was finished go into the next one together. A leadership is one term, or
 * several of the same coordinator in a row ({@link #renewTerm}), with its appends waiting across.
 *
 * <p>One thread owns the writer and calls {@link #poll} until {@link #stopped}; any thread may
 * append. Each future completes after its record was read back from its slot and applied to the
 * consumer, or exceptionally: VAULT_FULL, nothing was written; FENCED, this coordinator no longer
 * leads and the next leader's journal tells whether the record of an append in flight counts.
 */
public final class JournalWriter {
  private final JournalSlots slots;
  private final RecordConsumer consumer;
  private final Time time;
  private RecordDrafter drafter;
  private final AppendRules rules;
  private final AppendQueue queue =
      new AppendQueue(JournalLimits.QUEUE_APPENDS_MAX, JournalLimits.QUEUE_BYTES_MAX);

  /** Of the term that is being opened; becomes {@link #drafter} when its first record stands. */
  private Optional<RecordDrafter> opening = Optional.empty();

  private volatile Optional<RecordDrafter> wantedTerm = Optional.empty();
  private AppendPhase phase;
  private List<AppendQueue.Waiting> batch = List.of();
  private long notBeforeNanos;
  private Optional<Long> inDoubtSinceNanos = Optional.empty();
  private volatile JournalState state;
  private volatile boolean leading;
  private volatile Optional<HoldfastException> stopped = Optional.empty();
  private volatile Optional<String> resigned = Optional.empty();
  private volatile boolean outvoted;

  JournalWriter(
      JournalPorts ports,
      RecordDrafter drafter,
      AppendRules rules,
      JournalState state,
      Verdict.Valid opening) {
    this.slots = ports.slots();
    this.consumer = ports.consumer();
    this.time = ports.time();
    this.drafter = drafter;
    this.rules = rules;
    this.state = state;
    this.phase = rules.begin(new AppendPhase.Ready(state), opening);
    this.notBeforeNanos = time.nanos();
  }

  /**
   * Goes for the next term at {@code state}, which must be that of a reader who found nothing in
   * the next slot. Nothing is written before {@link #poll}.
   *
   * @throws HoldfastException JOURNAL_DAMAGED if the journal is damaged, OBJECT_NOT_FOUND before
   *     genesis
   */
  public static JournalWriter lead(JournalPorts ports, JournalState state) {
    state
        .damage()
        .ifPresent(damage -> {
          throw damage.toException();
        });
    RecordDrafter drafter = ports.drafter();
    return new JournalWriter(ports, drafter, new AppendRules(), state, drafter.startTerm(state));
  }

  /** Goes for the first slot of a new journal: {@code more} follows genesis in the first record. */
  public static JournalWriter create(
      JournalPorts ports,
      RepositoryId repository,
      SiteEpoch epoch,
      IncarnationId incarnation,
      Genesis genesis,
      List<Mutation> more) {
    RecordDrafter drafter = ports.drafter();
    JournalState before =
        JournalState.beforeGenesis(JournalAnchor.pinned(repository, genesis.getRootCertificate()));
    return new JournalWriter(
        ports,
        drafter,
        new AppendRules(),
        before,
        drafter.startJournal(repository, epoch, incarnation, genesis, more));
  }

  /**
   * Goes for a rollback: everything after the last valid slot of {@code lastValid} and before
   * {@code seq} becomes void. Only on an operator's word.
   *
   * @param lastValid the state right after the slot to go back to; the consumer stands there
   * @param seq one past the highest slot that any list, memory, receipt or announcement shows
   * @param highestTerm the highest term that any of them shows
   */
  public static JournalWriter rollBack(
      JournalPorts ports,
      JournalState lastValid,
      long seq,
      long highestTerm,
      IncarnationId incarnation) {
    RecordDrafter drafter = ports.drafter();
    return new JournalWriter(
        ports,
        drafter,
        new AppendRules(),
        lastValid,
        drafter.rollBack(lastValid, seq, highestTerm, incarnation));
  }

  /**
   * Appends {@code mutations}, in order and in one record, perhaps with others'. Waits while the
   * queue is full.
   *
   * @throws HoldfastException NOT_LEADER before the opening record stands, FENCED after the end,
   *     MESSAGE_TOO_LARGE or INVALID_ARGUMENT if no record could hold them, CANCELLED if
   *     interrupted
   */
  public CompletableFuture<Appended> append(List<Mutation> mutations) {
    return put(mutations, false);
  }

  /** As {@link #append}, in a record that holds nothing else. */
  public CompletableFuture<Appended> appendAlone(List<Mutation> mutations) {
    return put(mutations, true);
  }

  private CompletableFuture<Appended> put(List<Mutation> mutations, boolean alone) {
    if (!leading && stopped.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.NOT_LEADER, "this coordinator doesn't lead yet: try again, or find the leader");
    }
    return queue.put(mutations, alone);
  }

  /** Whether the opening record stands and the writer hasn't stopped. Any thread. */
  public boolean isLeading() {
    return leading && stopped.isEmpty();
  }

  /** Why this writer will never write again, once that is so. Any thread. */
  public Optional<HoldfastException> stopped() {
    return stopped;
  }

  /** Whether it stopped because another leader's record stands where its own had to go. */
  public boolean isOutvoted() {
    return outvoted;
  }

  /**
   * Looks whether somebody else wrote the next record while nothing was to be appended here, and
   * stops if so: an idle leader would not learn it otherwise. Owner thread only.
   *
   * @throws HoldfastException VAULT_UNAVAILABLE: nothing was learnt
   */
  public void confirmHead() {
    if (phase instanceof AppendPhase.Ready ready && stopped.isEmpty()) {
      long next = ready.state().nextSeq();
      if (slots.read(next).isPresent()) {
        phase = stop(StopReason.OUTVOTED, "another record stands in slot " + next);
        end((AppendPhase.Stopped) phase);
      }
    }
  }

  /** After the last record that was applied. Any thread. */
  public JournalState state() {
    return state;
  }

  /**
   * Stops at the next {@link #poll}; an append in flight is left to the next leader. Any thread.
   */
  public void resign(String why) {
    resigned = Optional.of(why);
  }

  /**
   * Opens a new term, under the signer of {@code renewed}, before the next record: a signer's
   * certificate has to be good when a term begins, and a term may outlast it. Tried once; if the
   * vault has no room for the opening record, the present term goes on. Any thread.
   */
  public void renewTerm(JournalPorts renewed) {
    wantedTerm = Optional.of(renewed.drafter());
  }

  /**
   * Does the next step, which may block on the vault. Owner thread only.
   *
   * @return how long there is nothing to do: zero for calling again at once, empty for until an
   *     append comes or for ever
   */
  public Optional<Duration> poll() {
    if (stopped.isPresent()) {
      return Optional.empty();
    }
    long now = time.nanos();
    if (resigned.isEmpty() && now - notBeforeNanos < 0) {
      return Optional.of(Duration.ofNanos(notBeforeNanos - now));
    }
    AppendPhase was = phase;
    phase = resigned.map(why -> stop(StopReason.RESIGNED, why)).orElseGet(this::stepOrBreak);
    pace(triesOf(was), triesOf(phase));
    if (phase instanceof AppendPhase.Stopped end) {
      end(end);
    }
    boolean idle = phase instanceof AppendPhase.Ready && queue.isEmpty() && wantedTerm.isEmpty();
    return idle || stopped.isPresent() ? Optional.empty() : Optional.of(Duration.ZERO);
  }

  /** A fault of ours must not leave callers waiting for ever. */
  private AppendPhase stepOrBreak() {
    try {
      return step();
    } catch (RuntimeException e) {
      return stop(StopReason.BROKEN, "the journal's writer failed: " + e);
    }
  }

  private AppendPhase step() {
    return switch (phase) {
      case AppendPhase.Ready ready -> beginBatch(ready);
      case AppendPhase.Creating creating -> rules.afterCreate(creating, create(creating.draft()));
      case AppendPhase.Reading reading -> read(reading);
      case AppendPhase.Confirming confirming -> confirm(confirming);
      case AppendPhase.Won won -> acknowledge(won);
      case AppendPhase.Rejected rejected -> reject(rejected);
      case AppendPhase.Stopped end -> end;
    };
  }

  private AppendPhase beginBatch(AppendPhase.Ready ready) {
    if (wantedTerm.isPresent()) {
      opening = wantedTerm;
      wantedTerm = Optional.empty();
      return rules.begin(ready, opening.get().startTerm(ready.state()));
    }
    batch = queue.takeBatch();
    if (batch.isEmpty()) {
      return ready;
    }
    List<Mutation> mutations =
        batch.stream().flatMap(waiting -> waiting.mutations().stream()).toList();
    return rules.begin(ready, drafter.carry(ready.state(), mutations));
  }

  private SlotOutcome create(Verdict.Valid draft) {
    try {
      return slots.create(draft.seq(), draft.record().bytes().toByteArray());
    } catch (HoldfastException e) {
      return new SlotOutcome.Unknown(e.getMessage());
    }
  }

  private AppendPhase read(AppendPhase.Reading reading) {
    try {
      return rules.afterRead(reading, slots.read(reading.draft().seq()).map(ByteString::copyFrom));
    } catch (HoldfastException e) {
      return rules.afterNoAnswer(reading);
    }
  }

  private AppendPhase confirm(AppendPhase.Confirming confirming) {
    try {
      long below = confirming.left().getFirst().seq();
      return rules.afterConfirm(confirming, slots.read(below).map(ByteString::copyFrom));
    } catch (HoldfastException e) {
      return rules.afterNoAnswer(confirming);
    }
  }

  private AppendPhase acknowledge(AppendPhase.Won won) {
    Verdict.Valid valid = won.draft();
    consumer.apply(valid);
    state = valid.after();
    leading = true;
    drafter = opening.orElse(drafter);
    opening = Optional.empty();
    Appended appended = new Appended(valid.slot(), valid.authority(), valid.record().time());
    batch.forEach(waiting -> waiting.future().complete(appended));
    batch = List.of();
    return rules.afterApply(won);
  }

  private AppendPhase reject(AppendPhase.Rejected rejected) {
    if (!leading) {
      return stop(StopReason.NO_ROOM, rejected.cause());
    }
    opening = Optional.empty();
    failBatch(
        new HoldfastException(
            ErrorCode.VAULT_FULL,
            "the vault is full and nothing was written ("
                + rejected.cause()
                + "): make room, then try again"));
    return rules.afterReject(rejected);
  }

  /** Pauses before the next step if the last one settled nothing, and gives up in the end. */
  private void pace(int triesBefore, int tries) {
    if (tries == 0) {
      inDoubtSinceNanos = Optional.empty();
      return;
    }
    if (tries == triesBefore) {
      return;
    }
    long now = time.nanos();
    long since = inDoubtSinceNanos.orElse(now);
    inDoubtSinceNanos = Optional.of(since);
    notBeforeNanos = now + backOffNanos(tries);
    if (now - since > JournalLimits.UNCERTAIN_MAX.toNanos()) {
      phase = stop(StopReason.UNCERTAIN, "the vault gave no clear answer for too long");
    }
  }

  private static long backOffNanos(int tries) {
    int doublings = Math.min(tries - 1, 16);
    return Math.min(
        JournalLimits.BACK_OFF_MIN.toNanos() << doublings, JournalLimits.BACK_OFF_MAX.toNanos());
  }

  private static int triesOf(AppendPhase phase) {
    return switch (phase) {
      case AppendPhase.Creating creating -> creating.tries();
      case AppendPhase.Reading reading -> reading.tries();
      case AppendPhase.Confirming confirming -> confirming.tries();
      case AppendPhase.Ready ready -> 0;
      case AppendPhase.Won won -> 0;
      case AppendPhase.Rejected rejected -> 0;
      case AppendPhase.Stopped end -> 0;
    };
  }

  private static AppendPhase stop(StopReason reason, String cause) {
    return new AppendPhase.Stopped(reason, cause);
  }

  private void end(AppendPhase.Stopped end) {
    HoldfastException cause = toException(end);
    outvoted = end.reason() == StopReason.OUTVOTED;
    stopped = Optional.of(cause);
    failBatch(cause);
    queue.close(cause).forEach(waiting -> waiting.future().completeExceptionally(cause));
  }

  private void failBatch(HoldfastException cause) {
    batch.forEach(waiting -> waiting.future().completeExceptionally(cause));
    batch = List.of();
  }

  private static HoldfastException toException(AppendPhase.Stopped end) {
    return switch (end.reason()) {
      case OUTVOTED, SYNC_FAILED, UNCERTAIN, RESIGNED ->
          new HoldfastException(
              ErrorCode.FENCED,
              "this coordinator stopped leading ("
                  + end.cause()
                  + "): ask the leader; what was in flight counts if its journal holds it");
      case NO_ROOM ->
          new HoldfastException(
              ErrorCode.VAULT_FULL,
              "the vault has no room for a leader's first record ("
                  + end.cause()
                  + "): make room in the vault");
      case LOST_BELOW ->
          new HoldfastException(
              ErrorCode.JOURNAL_DAMAGED,
              end.cause()
                  + ": heal it from another coordinator's or site's copy, or accept a rollback");
      case BROKEN -> new HoldfastException(ErrorCode.INTERNAL, end.cause());
    };
  }
}
