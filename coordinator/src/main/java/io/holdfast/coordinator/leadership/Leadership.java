package io.holdfast.coordinator.leadership;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.HeadMemory;
import io.holdfast.coordinator.journal.JournalMark;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.JournalReader;
import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.JournalWriter;
import io.holdfast.coordinator.journal.RecordSigner;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.proto.stored.v1.Mutation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coordinator's part in the journal of one replica: follows it, goes for the next term while
 * the hint is held, leads until it is outvoted, and follows again.
 *
 * <pre>
 *  from        to          because
 *  Following   Contending  the hint is held and the journal was read to its end
 *  Contending  Leading     the term's first record stands
 *  Contending  Following   somebody else's record stands there: read on, try again while the hint lasts
 *  Leading     Following   outvoted, hint lost, sync failed, vault unclear for too long
 *  any         Blocked     damage, rollback, vault away, catalog broken: tried again by itself
 *  Blocked     Following   that passed
 *  any         Closed      {@link #close}
 *  Leading     Leading     a new term of its own, when its certificate was renewed
 * </pre>
 *
 * <p>The hint decides nothing: two leaders by hint are one by journal. No clock decides anything
 * either; the pace only says how soon what is noticed.
 *
 * <p>One thread owns it and calls {@link #poll}: a {@link LeadershipThread} in a process, the test
 * itself in a simulation. Any thread may ask for the state and append.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  private volatile JournalPorts ports;
  private final JournalReader reader;
  private final HeadMemory memory;
  private final LeadershipHint hint;
  private final LeadershipPace pace;
  private final Time time;

  private long notBeforeNanos;
  private long nextListNanos;
  private long nextConfirmNanos;
  private volatile Optional<JournalWriter> writer = Optional.empty();
  private volatile LeadershipState state = new LeadershipState.Following();
  private volatile boolean keptOut;
  private volatile boolean contends = true;
  private volatile Runnable wakeUp = () -> {};
  private volatile Consumer<HoldfastException> outvoted = cause -> {};

  /**
   * @param from where the consumer of {@code ports} stands
   */
  public Leadership(
      JournalPorts ports,
      JournalState from,
      HeadMemory memory,
      LeadershipHint hint,
      LeadershipPace pace) {
    this.ports = ports;
    this.reader =
        new JournalReader(
            ports.slots(), new Replay(ports.verifier()), ports.consumer(), from, memory.seen());
    this.memory = memory;
    this.hint = hint;
    this.pace = pace;
    this.time = ports.time();
    this.notBeforeNanos = time.nanos();
    this.nextListNanos = notBeforeNanos;
    this.nextConfirmNanos = notBeforeNanos;
  }

  public LeadershipState state() {
    return state;
  }

  /** Whether the last try found somebody else with the hint. */
  public boolean isKeptOut() {
    return keptOut;
  }

  /**
   * Appends to the journal as its leader; see {@link JournalWriter#append} for what the future and
   * the exceptions mean.
   *
   * @throws HoldfastException NOT_LEADER, FENCED, MESSAGE_TOO_LARGE, INVALID_ARGUMENT, CANCELLED
   */
  public CompletableFuture<Appended> append(List<Mutation> mutations) {
    CompletableFuture<Appended> future = leader().append(mutations);
    wakeUp.run();
    return future;
  }

  /** As {@link #append}, in a record that holds nothing else. */
  public CompletableFuture<Appended> appendAlone(List<Mutation> mutations) {
    CompletableFuture<Appended> future = leader().appendAlone(mutations);
    wakeUp.run();
    return future;
  }

  /**
   * Signs with {@code signer} from the next term on, and opens that term now if this coordinator
   * leads. Appends wait meanwhile. Any thread.
   */
  public void renewSigner(RecordSigner signer) {
    ports = ports.signedBy(signer);
    writer.ifPresent(leading -> leading.renewTerm(ports));
    wakeUp.run();
  }

  private JournalWriter leader() {
    return writer.orElseThrow(() ->
        new HoldfastException(
            ErrorCode.NOT_LEADER, "this coordinator doesn't lead: ask the leader"));
  }

  /** Who is told, on the owner's thread, when another leader's record ended this one's term. */
  public void onOutvoted(Consumer<HoldfastException> listener) {
    outvoted = listener;
  }

  /**
   * Goes for no further term: for a process that is about to end, and would only outvote the one
   * that has taken its place. Any thread.
   */
  public void contendNoMore() {
    contends = false;
  }

  /** What to run when an append waits, so that a sleeping owner thread polls at once. */
  void onAppend(Runnable wake) {
    wakeUp = wake;
  }

  /**
   * Does the next step, which may block on the vault. Owner thread only.
   *
   * @return how long nothing is to do, unless an append comes
   */
  public Duration poll() {
    if (state instanceof LeadershipState.Closed) {
      return pace.contendInterval();
    }
    long wait = notBeforeNanos - time.nanos();
    if (wait > 0) {
      return Duration.ofNanos(wait);
    }
    try {
      return writer.map(this::lead).orElseGet(this::follow);
    } catch (HoldfastException e) {
      return block(e);
    } catch (RuntimeException e) {
      return block(
          new HoldfastException(
              ErrorCode.INTERNAL, "the owner of the journal failed: " + e + "; report this", e));
    }
  }

  private Duration follow() {
    boolean held = contends && hint.tryHold();
    keptOut = !held;
    if (!held && time.nanos() - nextListNanos < 0) {
      reader.poll();
      return followed();
    }
    reader.catchUp(0);
    nextListNanos = time.nanos() + pace.listInterval().toNanos();
    if (!held) {
      return followed();
    }
    remember(reader.state());
    JournalPorts present = ports;
    writer = Optional.of(JournalWriter.lead(present, reader.state()));
    if (!present.equals(ports)) { // renewed in between, by somebody who saw no writer
      writer.get().renewTerm(ports);
    }
    state = new LeadershipState.Contending();
    return Duration.ZERO;
  }

  private Duration followed() {
    remember(reader.state());
    state = new LeadershipState.Following();
    return pace.followInterval();
  }

  private Duration lead(JournalWriter leading) {
    if (!hint.isHeld()) {
      leading.resign("the leadership hint was lost");
    }
    Optional<Duration> next = leading.poll();
    if (next.isEmpty()) {
      confirmHead(leading);
    }
    if (leading.stopped().isPresent()) {
      return retire(leading);
    }
    if (leading.isLeading()) {
      state = new LeadershipState.Leading(leading.state().mustHead().authority());
      remember(leading.state());
    }
    return next.orElse(pace.followInterval());
  }

  private void confirmHead(JournalWriter leading) {
    if (leading.isLeading() && time.nanos() - nextConfirmNanos >= 0) {
      nextConfirmNanos = time.nanos() + pace.confirmInterval().toNanos();
      try {
        leading.confirmHead();
      } catch (HoldfastException e) {
        LOG.debug("the journal's head could not be confirmed: {}", e.getMessage());
      }
    }
  }

  /** Back to reading, from where the writer stopped: it may have been outvoted, or only broke. */
  private Duration retire(JournalWriter retired) {
    writer = Optional.empty();
    reader.resume(retired.state());
    HoldfastException cause = retired.stopped().orElseThrow();
    if (retired.isOutvoted() && state instanceof LeadershipState.Leading) {
      outvoted.accept(cause);
    }
    if (cause.code() != ErrorCode.FENCED) {
      return block(cause);
    }
    state = new LeadershipState.Following();
    return pause();
  }

  private Duration block(HoldfastException cause) {
    state = new LeadershipState.Blocked(cause);
    return pause();
  }

  private Duration pause() {
    notBeforeNanos = time.nanos() + pace.contendInterval().toNanos();
    return pace.contendInterval();
  }

  /** A memory that can't be written weakens the next start, and stops nothing now. */
  private void remember(JournalState read) {
    try {
      read.head().ifPresent(head -> memory.remember(JournalMark.of(head)));
    } catch (HoldfastException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private void saveMemory() {
    try {
      memory.save();
    } catch (HoldfastException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /**
   * Resigns, writes the memory and gives the hint up. Owner thread only; closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (state instanceof LeadershipState.Closed) {
      return;
    }
    writer.ifPresent(leading -> {
      leading.resign("the coordinator shuts down");
      leading.poll();
    });
    writer = Optional.empty();
    state = new LeadershipState.Closed();
    hint.release();
    saveMemory();
  }
}
