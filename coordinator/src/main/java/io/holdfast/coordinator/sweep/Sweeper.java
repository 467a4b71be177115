package io.holdfast.coordinator.sweep;

import com.google.common.util.concurrent.Uninterruptibles;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.SpaceShares;
import io.holdfast.proto.stored.v1.SweepApprovalDetails;
import io.holdfast.proto.stored.v1.SweepApproved;
import io.holdfast.proto.stored.v1.SweepCompleted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps: a mark of everything that is kept; then what earlier sweeps condemned is deleted, what
 * the mark didn't meet and second copies are condemned, packs with little left in them are
 * rewritten, and it is measured whose the live bytes are. Backups and restores go on beside it. A
 * sweep that is stopped, by whatever, has done what the journal says, and another one begins anew.
 * Any thread; one sweep at a time.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration AFTER_FAILURE = Duration.ofHours(1);
  private static final Duration KEEP_EVERY = Duration.ofMinutes(5);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /** What a sweep is at. */
  public enum Phase {
    IDLE,
    MARKING,
    DELETING,
    CONDEMNING,
    SEEKING_SURPLUS,
    REWRITING,
    MEASURING
  }

  /**
   * How far it is.
   *
   * @param since when the sweep, or the idleness, began
   * @param met references followed by the mark
   * @param packs that it knows
   */
  public record Progress(Phase phase, Instant since, long met, int packs) {}

  /**
   * What a sweep would do, or did.
   *
   * @param waiting why it left something
   */
  public record Outcome(SweepCompleted done, List<Waiting> waiting) {}

  /**
   * What a sweep would do now.
   *
   * @param entries that nothing reaches, and their sealed bytes
   * @param surplusEntries second copies of chunks that something reaches, and their sealed bytes
   * @param deletable packs that could be deleted, and their bytes
   * @param sparse packs that are condemned for the most part, and what is live in them
   * @param objects those of packs, as they lie in the vault
   * @param waiting why it would leave something
   */
  public record Plan(
      long fence,
      long entries,
      long bytes,
      long surplusEntries,
      long surplusBytes,
      long deletable,
      long deletableBytes,
      long sparse,
      long sparseLiveBytes,
      PackObjects.Found objects,
      List<Waiting> waiting) {}

  private final SweepPorts ports;
  private final SweepLimits limits;
  private final Duration every;
  private final Optional<MarkFile> marks;
  private final Time time;
  private final PackObjects objects;
  private final Brakes brakes;
  private final ReentrantLock inSweep = new ReentrantLock();
  private final AtomicReference<Progress> progress;
  private final Instant started;
  private volatile Optional<List<Waiting>> waiting = Optional.empty();
  private volatile Optional<Thread> working = Optional.empty();
  private volatile boolean isClosed;
  private long notBeforeNanos;

  /**
   * No sweep yet.
   *
   * @param every how long after the last one {@link #round} begins another
   * @param marks where a mark is kept that is interrupted; without, the next one begins anew
   */
  public Sweeper(SweepPorts ports, SweepLimits limits, Duration every, Optional<MarkFile> marks) {
    this.ports = ports;
    this.limits = limits;
    this.every = every;
    this.marks = marks;
    this.objects = new PackObjects(ports, limits);
    this.brakes = new Brakes(ports, limits);
    this.time = ports.fleet().time();
    this.started = time.now();
    this.notBeforeNanos = time.nanos();
    this.progress = new AtomicReference<>(new Progress(Phase.IDLE, started, 0, 0));
  }

  /** As the other one, and keeps no marks. */
  public Sweeper(SweepPorts ports, SweepLimits limits, Duration every) {
    this(ports, limits, every, Optional.empty());
  }

  public Progress progress() {
    return progress.get();
  }

  /** Why the last sweep left something; empty before the first one of this process. */
  public Optional<List<Waiting>> waiting() {
    return waiting;
  }

  /**
   * Sweeps if it is time; after a failure not for an hour. Errors as {@link #sweep}. One thread.
   */
  public void round() throws InterruptedException {
    Instant last;
    try (CatalogView view = ports.fleet().views().get()) {
      last =
          view.sweeps()
              .lastSweep()
              .map(sweep -> Instant.ofEpochMilli(sweep.timeMillis()))
              .orElse(started);
    }
    if (time.now().isBefore(last.plus(every)) || time.nanos() - notBeforeNanos < 0) {
      return;
    }
    try {
      sweep();
    } catch (RuntimeException e) {
      notBeforeNanos = time.nanos() + AFTER_FAILURE.toNanos();
      throw e;
    }
  }

  /**
   * Lets a sweep condemn {@code bytes} though they are many, for {@code validity}. Returns until
   * when. Errors of the journal.
   */
  public Instant approve(long bytes, Duration validity, String actor) throws InterruptedException {
    if (bytes <= 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "an approval of no bytes lets nothing pass; `holdfast gc plan` says how many wait");
    }
    Instant until = time.now().plus(validity);
    SweepApproved approved =
        SweepApproved.newBuilder()
            .setBytes(bytes)
            .setValidUntilMillis(until.toEpochMilli())
            .build();
    Details details =
        Details.newBuilder()
            .setSweepApproval(SweepApprovalDetails.newBuilder().setActor(actor))
            .build();
    ports
        .fleet()
        .append(
            ports
                .fleet()
                .mutations()
                .seal(Change.newBuilder().setSweepApproved(approved).build(), details));
    return until;
  }

  /** What a sweep would do now; changes nothing. Takes as long as a mark does. */
  public Plan plan() throws InterruptedException {
    begin();
    try {
      Mark mark = mark();
      Garbage garbage = Garbage.of(mark, ports.fleet().views(), ports.footers());
      enter(Phase.SEEKING_SURPLUS, mark);
      long[] surplus = new long[2];
      new Surplus(ports, mark)
          .find(copy -> {
            surplus[0]++;
            surplus[1] += copy.goes().sealedLength();
          });
      PackObjects.Found found = objects.look();
      return plan(mark, garbage, surplus, found);
    } finally {
      end();
    }
  }

  private Plan plan(Mark mark, Garbage garbage, long[] surplus, PackObjects.Found found) {
    List<Waiting> wait = new ArrayList<>();
    brakes.onCondemning(mark, garbage).ifPresent(wait::add);
    brakes.onGivingUp(objects, found).ifPresent(wait::add);
    CondemnedSpace condemned;
    try (CatalogView view = ports.fleet().views().get();
        Rewriter rewriter = rewriter()) {
      condemned = CondemnedSpace.of(view, rewriter);
    }
    return new Plan(
        mark.fence(),
        garbage.entries(),
        garbage.bytes(),
        surplus[0],
        surplus[1],
        condemned.wholePacks(),
        condemned.wholeBytes(),
        condemned.sparsePacks(),
        condemned.sparseLiveBytes(),
        found,
        wait);
  }

  /**
   * One sweep. Errors of the journal and the vault end it; what was done until then stays. OBJECT_
   * NOT_FOUND and PACK_CORRUPT if a page pack is gone or damaged and no loss is on record yet.
   */
  public Outcome sweep() throws InterruptedException {
    begin();
    long begin = time.nanos();
    List<Waiting> left = new ArrayList<>();
    try {
      SweepCompleted.Builder swept = sweep(left);
      shares(swept.getMarkedEntries()).ifPresent(swept::setShares);
      SweepCompleted done =
          swept.setDurationMillis(Duration.ofNanos(time.nanos() - begin).toMillis()).build();
      ports
          .fleet()
          .append(MutationSealer.clear(Change.newBuilder().setSweepCompleted(done).build()));
      LOG.info("a sweep ended: {}", Words.of(done));
      waiting = Optional.of(List.copyOf(left));
      return new Outcome(done, List.copyOf(left));
    } catch (RuntimeException e) {
      String what = e instanceof HoldfastException ? e.getMessage() : e.toString();
      String why = "the last sweep was given up: " + what;
      waiting = Optional.of(List.of(new Waiting(Waiting.Reason.FAILED, why)));
      throw e;
    } finally {
      end();
    }
  }

  private SweepCompleted.Builder sweep(List<Waiting> left) throws InterruptedException {
    try (Rewriter rewriter = rewriter()) {
      Mark mark = mark();
      enter(Phase.DELETING, mark);
      Deleter deleter = new Deleter(ports, limits, mark, rewriter, left::add);
      PackObjects.Found found = objects.look();
      objects.deleteLeftovers();
      enter(Phase.CONDEMNING, mark);
      Condemner condemner = condemn(mark, left);
      clearObjects(found, left); // what is condemned uses up an approval first
      enter(Phase.SEEKING_SURPLUS, mark);
      SurplusCondemner surplus = new SurplusCondemner(ports, mark);
      surplus.condemn();
      enter(Phase.DELETING, mark);
      delete(deleter, left);
      enter(Phase.REWRITING, mark);
      rewriter.rewriteSparse();
      return SweepCompleted.newBuilder()
          .setFence(mark.fence())
          .setMarkedEntries(mark.met())
          .setPacks(mark.packs())
          .setCondemnedEntries(condemner.entries())
          .setCondemnedBytes(condemner.bytes())
          .setSurplusEntries(surplus.entries())
          .setSurplusBytes(surplus.bytes())
          .setGarbageLeftBytes(condemner.left())
          .setUnnamedObjects(found.unnamed())
          .setUnnamedBytes(found.unnamedBytes())
          .setLostBytes(found.lostBytes())
          .setRewrittenPacks(rewriter.rewritten())
          .setDeletedPacks(deleter.packs())
          .setDeletedBytes(deleter.bytes());
    }
  }

  /** Whose the live bytes are. The mark, which met {@code met}, isn't in memory any more. */
  private Optional<SpaceShares> shares(long met) throws InterruptedException {
    Progress marked = progress.get();
    return Sharing.measured(
        ports,
        followed ->
            progress.set(
                new Progress(Phase.MEASURING, marked.since(), met + followed, marked.packs())));
  }

  private Rewriter rewriter() {
    Pace pace =
        limits.bytesPerSecond() == 0
            ? Pace.unlimited()
            : Pace.bytesPerSecond(limits.bytesPerSecond(), time);
    return new Rewriter(ports, limits, pace);
  }

  private Condemner condemn(Mark mark, List<Waiting> left) throws InterruptedException {
    Garbage garbage = Garbage.of(mark, ports.fleet().views(), ports.footers());
    Optional<Waiting> brake = brakes.onCondemning(mark, garbage);
    Condemner condemner = new Condemner(ports, mark, brakes.isMuch(garbage));
    if (brake.isPresent()) {
      left.add(brake.get());
      condemner.leave(garbage);
    } else {
      condemner.condemn(garbage);
    }
    if (garbage.unreadable() > 0) {
      left.add(unreadable(garbage.unreadable()));
    }
    return condemner;
  }

  private static Waiting unreadable(long packs) {
    return new Waiting(
        Waiting.Reason.UNREADABLE,
        packs + " packs were left alone, since their footers can't be read; run `holdfast verify`");
  }

  /** Whose time is up goes, unless nobody knows how late it is. */
  private void clearObjects(PackObjects.Found found, List<Waiting> left)
      throws InterruptedException {
    Optional<String> doubt = ports.clockDoubt().get();
    Optional<Waiting> brake = brakes.onGivingUp(objects, found);
    brake.ifPresent(left::add);
    if (doubt.isPresent()) {
      if (objects.isAnyDue()) {
        left.add(Waiting.forClock("objects that no record names", doubt.get()));
      }
      return;
    }
    objects.deleteVoids();
    if (brake.isEmpty()) {
      objects.giveUp();
    }
  }

  private void delete(Deleter deleter, List<Waiting> left) throws InterruptedException {
    deleter.rescueNeeded();
    Optional<String> doubt = ports.clockDoubt().get();
    if (doubt.isPresent()) {
      deleter.leave(doubt.get());
    } else {
      deleter.delete();
    }
    if (deleter.unreadable() > 0) {
      left.add(unreadable(deleter.unreadable()));
    }
  }

  /** A mark that has followed everything, as of a moment ago. */
  private Mark mark() throws InterruptedException {
    Mark mark = begun();
    long keptNanos = time.nanos();
    boolean more = true;
    while (more) {
      if (Thread.interrupted()) {
        keep(mark);
        throw new InterruptedException();
      }
      long begin = time.nanos();
      try (CatalogView view = ports.fleet().views().get()) {
        more = mark.step(view);
      }
      enter(Phase.MARKING, mark);
      if (time.nanos() - keptNanos > KEEP_EVERY.toNanos()) {
        keep(mark);
        keptNanos = time.nanos();
      }
      rest(mark, Duration.ofNanos(time.nanos() - begin));
    }
    try (CatalogView view = ports.fleet().views().get()) {
      mark.catchUp(view);
    }
    marks.ifPresent(MarkFile::forget);
    return mark;
  }

  /** Half of the time is the hosts'. */
  private void rest(Mark mark, Duration asLong) throws InterruptedException {
    try {
      if (ports.hostsMoveData().getAsBoolean()) {
        time.sleep(asLong);
      }
    } catch (InterruptedException e) {
      keep(mark);
      throw e;
    }
  }

  /** The one that was interrupted, or another. */
  private Mark begun() {
    try (CatalogView view = ports.fleet().views().get()) {
      Optional<Mark> kept =
          marks.flatMap(file -> file.find(ports.fleet().repository(), view, ports.footers()));
      kept.ifPresent(mark ->
          LOG.info("a mark goes on that was interrupted, {} references followed", mark.met()));
      return kept.orElseGet(() -> Mark.begin(view, ports.footers()));
    }
  }

  /** Between two steps: one that failed half-way isn't kept. */
  private void keep(Mark mark) {
    try (CatalogView view = ports.fleet().views().get()) {
      marks.ifPresent(file -> file.keep(mark, ports.fleet().repository(), view));
    }
  }

  private void enter(Phase phase, Mark mark) {
    Progress before = progress.get();
    Instant since = before.phase() == Phase.IDLE ? time.now() : before.since();
    progress.set(new Progress(phase, since, mark.met(), mark.packs()));
  }

  private void begin() throws InterruptedException {
    inSweep.lockInterruptibly();
    working = Optional.of(Thread.currentThread());
    if (isClosed) {
      end();
      throw new HoldfastException(ErrorCode.UNAVAILABLE, "the coordinator is stopping");
    }
  }

  private void end() {
    progress.set(new Progress(Phase.IDLE, time.now(), 0, 0));
    working = Optional.empty();
    inSweep.unlock();
  }

  /** Stops what is under way, whoever asked for it, and waits for that. */
  @Override
  public void close() {
    isClosed = true;
    working.ifPresent(Thread::interrupt);
    if (Uninterruptibles.tryLockUninterruptibly(inSweep, STOP_WITHIN)) {
      inSweep.unlock();
    }
  }
}
