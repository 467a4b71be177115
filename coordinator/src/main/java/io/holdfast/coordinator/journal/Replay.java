package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.SiteId;
import io.holdfast.coordinator.journal.JournalHead.Rollback;
import io.holdfast.coordinator.journal.JournalHead.TermKey;
import io.holdfast.coordinator.journal.Verdict.VoidReason;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * What the journal means: the one place that decides which record counts. Leaders, followers, other
 * sites, recovery and checks all fold the slots, in order, through this function; it depends on
 * nothing but its arguments, so they can't disagree.
 *
 * <pre>
 *  what the slot holds                                             verdict
 *  nothing, but a higher slot is known to exist                    damage
 *  no record, a newer version's, another repository's or slot's    damage
 *  a record whose signature isn't by the key of its term           damage
 *  any of the rest while a lower slot is damaged, no rollback      damage
 *  a record of another incarnation, epoch or a lower term          void
 *  a term's start whose term isn't higher                          void
 *  a record that doesn't name the last valid one and all voids     void
 *  a record whose time is before its predecessor's                 damage
 *  a rollback that names the last valid record                     valid; new incarnation
 *  a rollback that names an earlier valid record                   rewind: judged from there
 *  anything else                                                   valid
 * </pre>
 *
 * <p>Void takes a signature: so damage never passes for a lost race, and only a coordinator can
 * make the others go over a slot. Stateless and safe for use by many threads; not final only so
 * that the tests of this package can plant faults in it.
 */
public class Replay {
  private final RecordVerifier verifier;

  public Replay(RecordVerifier verifier) {
    this.verifier = verifier;
  }

  /** What {@code bytes}, found in slot {@code state.nextSeq()}, mean. */
  public final Verdict judge(JournalState state, ByteString bytes) {
    try {
      return judge(state, RecordCodec.parse(state.nextSeq(), bytes));
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case UNKNOWN_VERSION -> damaged(state, Damage.Reason.NEWER_VERSION, e.getMessage());
        case MALFORMED, LIMIT_EXCEEDED -> damaged(state, Damage.Reason.UNREADABLE, e.getMessage());
        default -> throw e;
      };
    }
  }

  /** The hash of a record as it lies in its slot, whatever it is. */
  public static RecordHash hashOf(byte[] bytes) {
    return RecordCodec.hash(ByteString.copyFrom(bytes));
  }

  /** What it means that nothing is in slot {@code state.nextSeq()} though a higher one exists. */
  public final Verdict missing(JournalState state) {
    return damaged(state, Damage.Reason.MISSING, "it is missing and a later slot isn't");
  }

  /**
   * The state after the slots from {@code start} through {@code last}, where {@code slots} gives
   * what each holds and an empty one below {@code last} is missing.
   */
  public final JournalState fold(
      JournalState start, long last, LongFunction<Optional<byte[]>> slots) {
    JournalState state = start;
    while (state.nextSeq() <= last) {
      JournalState before = state;
      Verdict verdict =
          slots
              .apply(before.nextSeq())
              .map(bytes -> judge(before, ByteString.copyFrom(bytes)))
              .orElseGet(() -> missing(before));
      state =
          verdict instanceof Verdict.Rewind rewind
              ? resolve(rewind, slots).after()
              : verdict.after();
    }
    return state;
  }

  /**
   * Whether a rollback to an earlier slot counts. This is judged by the state right after that
   * slot, for which the journal is folded anew. The answer is Valid, and then readers go back to
   * that slot; or void or damaged, and then nothing happened.
   */
  public final Verdict resolve(Verdict.Rewind rewind, LongFunction<Optional<byte[]>> slots) {
    JournalRecord record = rewind.record();
    JournalState start = JournalState.beforeGenesis(rewind.after().anchor());
    JournalState at = fold(start, rewind.lastValidSeq(), slots);
    if (at.lastValidSeq() == rewind.lastValidSeq()) {
      Verdict verdict = judge(at.jumpTo(record.seq()), record);
      if (verdict instanceof Verdict.Valid) {
        return verdict;
      }
    }
    return outvotedUnlessDamaged(rewind.after(), record, VoidReason.CHAIN);
  }

  private Verdict judge(JournalState state, JournalRecord record) {
    boolean rollsBack = record.opening() instanceof Opening.RollsBack;
    if (state.damage().isPresent() && !rollsBack) {
      return behindDamage(state);
    }
    if (record.seq() != state.nextSeq()) {
      return damaged(state, Damage.Reason.MISPLACED, "it holds the record of " + record.seq());
    }
    if (isForeign(state, record)) {
      return damaged(state, Damage.Reason.FOREIGN, "it holds a record of another repository");
    }
    Optional<SignerKey> key = signerKey(state, record).filter(signer -> isSigned(record, signer));
    if (key.isEmpty()) {
      return damaged(state, Damage.Reason.SIGNATURE, "no key of its term signed its record");
    }
    return state
        .head()
        .map(head -> judgeNext(state, head, record, key.get()))
        .orElseGet(() -> judgeFirst(state, record, key.get()));
  }

  private static boolean isForeign(JournalState state, JournalRecord record) {
    if (state.head().isPresent()) {
      return !state.head().get().repository().equals(record.repository());
    }
    JournalAnchor anchor = state.anchor();
    boolean otherRoot =
        record.opening() instanceof Opening.StartsJournal first
            && anchor.rootCertificate().isPresent()
            && !anchor.rootCertificate().get().equals(first.genesis().getRootCertificate());
    return otherRoot
        || (anchor.repository().isPresent()
            && !anchor.repository().get().equals(record.repository()));
  }

  /** The key that has to have signed the record: its own term's, wherever that began. */
  private Optional<SignerKey> signerKey(JournalState state, JournalRecord record) {
    Optional<List<ByteString>> roots = state.head().map(head -> head.roots().believed());
    return switch (record.opening()) {
      case Opening.Continues() ->
          state.head().flatMap(head -> head.signer(record.incarnation(), record.term()));
      case Opening.StartsTerm(List<ByteString> chain) ->
          roots.flatMap(believed -> chained(chain, believed, record));
      case Opening.RollsBack(var ended, List<ByteString> chain) ->
          roots.flatMap(believed -> chained(chain, believed, record));
      case Opening.StartsJournal(var genesis, List<ByteString> chain) ->
          chained(chain, List.of(genesis.getRootCertificate()), record);
    };
  }

  private Optional<SignerKey> chained(
      List<ByteString> certificates, List<ByteString> roots, JournalRecord record) {
    return verifier.signerKey(certificates, roots, record.writer(), record.time());
  }

  private boolean isSigned(JournalRecord record, SignerKey key) {
    return verifier.verify(key, record.unsigned().toByteArray(), record.signature().toByteArray());
  }

  private Verdict judgeFirst(JournalState state, JournalRecord record, SignerKey key) {
    if (!(record.opening() instanceof Opening.StartsJournal first)) {
      return behindDamage(state);
    }
    boolean sound =
        record.term() == 1
            && record.epoch().number() == 1
            && record.voids().isEmpty()
            && record.previous().equals(new SlotHash(0, new RecordHash(Bytes32.ZERO)));
    if (!sound) {
      return damaged(state, Damage.Reason.GENESIS, "its genesis isn't of term and epoch 1");
    }
    JournalHead head =
        new JournalHead(
            FleetId.of(first.genesis().getFleet().toByteArray()),
            SiteId.of(first.genesis().getSite().toByteArray()),
            record.repository(),
            JournalRoots.genesis(first.genesis().getRootCertificate()).after(record.mutations()),
            new Authority(record.epoch(), 1, record.incarnation(), record.term()),
            new SlotHash(record.seq(), record.hash()),
            record.body().getTimeMillis(),
            List.of(new TermKey(record.incarnation(), record.term(), key)),
            List.of(),
            record.body().getWriterToken(),
            List.of(new SlotHash(record.seq(), record.hash())));
    return valid(state, record, head);
  }

  private Verdict judgeNext(
      JournalState state, JournalHead head, JournalRecord record, SignerKey key) {
    if (record.opening() instanceof Opening.RollsBack(var ended, var chain)) {
      return judgeRollback(state, head, record, key, head.authority().incarnation().equals(ended));
    }
    Authority authority = head.authority();
    if (!record.incarnation().equals(authority.incarnation())) {
      return outvoted(state, record, VoidReason.INCARNATION);
    }
    if (!record.epoch().equals(authority.epoch())) {
      return outvoted(state, record, VoidReason.EPOCH);
    }
    if (!holdsTerm(authority.term(), record)) {
      return outvoted(state, record, VoidReason.TERM);
    }
    if (!chains(state, head, record)) {
      return outvoted(state, record, VoidReason.CHAIN);
    }
    if (goesBackInTime(head, record)) {
      return damaged(state, Damage.Reason.TIME, "its time lies before its predecessor's");
    }
    return valid(state, record, advanced(head, record, key));
  }

  private Verdict judgeRollback(
      JournalState state,
      JournalHead head,
      JournalRecord record,
      SignerKey key,
      boolean endsThisIncarnation) {
    long named = record.previous().seq();
    if (named < head.last().seq() && !head.rolledBack(named)) {
      return new Verdict.Rewind(record, state);
    }
    boolean counts =
        record.previous().equals(head.last())
            && endsThisIncarnation
            && !head.knows(record.incarnation())
            && record.epoch().equals(head.authority().epoch())
            && record.term() > head.authority().term()
            && !goesBackInTime(head, record);
    return counts
        ? new Verdict.Valid(
            record, JournalState.after(state.anchor(), rolledBack(head, record, key), 0))
        : outvotedUnlessDamaged(state, record, VoidReason.CHAIN);
  }

  /** A term goes on, or a higher one starts. */
  boolean holdsTerm(long term, JournalRecord record) {
    return record.opening() instanceof Opening.StartsTerm
        ? record.term() > term
        : record.term() == term;
  }

  /** The record names exactly what a reader found below it. */
  boolean chains(JournalState state, JournalHead head, JournalRecord record) {
    return record.previous().equals(head.last()) && record.voids().equals(state.voids());
  }

  private static boolean goesBackInTime(JournalHead head, JournalRecord record) {
    return record.body().getTimeMillis() < head.timeMillis();
  }

  private static JournalHead advanced(JournalHead head, JournalRecord record, SignerKey key) {
    Authority was = head.authority();
    boolean starts = record.opening() instanceof Opening.StartsTerm;
    return next(
        head,
        record,
        new Authority(was.epoch(), was.incarnationNumber(), was.incarnation(), record.term()),
        starts ? withSigner(head.signers(), record, key) : head.signers(),
        head.rollbacks());
  }

  private static JournalHead rolledBack(JournalHead head, JournalRecord record, SignerKey key) {
    Authority was = head.authority();
    return next(
        head,
        record,
        new Authority(
            was.epoch(), was.incarnationNumber() + 1, record.incarnation(), record.term()),
        withSigner(head.signers(), record, key),
        Stream.concat(
                head.rollbacks().stream(),
                Stream.of(new Rollback(record.seq(), head.last().seq(), was.incarnation())))
            .toList());
  }

  private static JournalHead next(
      JournalHead head,
      JournalRecord record,
      Authority authority,
      List<TermKey> signers,
      List<Rollback> rollbacks) {
    return new JournalHead(
        head.fleet(),
        head.site(),
        head.repository(),
        head.roots().after(record.mutations()),
        authority,
        new SlotHash(record.seq(), record.hash()),
        record.body().getTimeMillis(),
        signers,
        rollbacks,
        record.body().getWriterToken(),
        unsettled(head, record));
  }

  /** A leadership goes on only from a record that is durable, and with it all below. */
  private static List<SlotHash> unsettled(JournalHead head, JournalRecord record) {
    SlotHash own = new SlotHash(record.seq(), record.hash());
    if (head.writerToken().equals(record.body().getWriterToken())) {
      return List.of(own);
    }
    List<SlotHash> all =
        Stream.of(head.unsettled(), record.voids(), List.of(own)).flatMap(List::stream).toList();
    return all.subList(Math.max(0, all.size() - JournalLimits.UNSETTLED_MAX), all.size());
  }

  private static List<TermKey> withSigner(
      List<TermKey> signers, JournalRecord record, SignerKey key) {
    int forgotten = Math.max(0, signers.size() + 1 - JournalLimits.SIGNERS_REMEMBERED);
    return Stream.concat(
            signers.stream().skip(forgotten),
            Stream.of(new TermKey(record.incarnation(), record.term(), key)))
        .toList();
  }

  private static Verdict valid(JournalState state, JournalRecord record, JournalHead head) {
    return new Verdict.Valid(
        record, JournalState.after(state.anchor(), head, state.highestTermSeen()));
  }

  private static Verdict outvoted(JournalState state, JournalRecord record, VoidReason reason) {
    if (state.voids().size() == JournalLimits.VOIDS_MAX) {
      return damaged(
          state, Damage.Reason.TOO_MANY_VOIDS, "more void records in a row than one can name");
    }
    return new Verdict.Outvoted(
        new SlotHash(record.seq(), record.hash()), reason, state.withVoid(record));
  }

  private static Verdict outvotedUnlessDamaged(
      JournalState state, JournalRecord record, VoidReason reason) {
    return state.damage().isPresent() ? behindDamage(state) : outvoted(state, record, reason);
  }

  private static Verdict behindDamage(JournalState state) {
    String lower =
        state
            .damage()
            .map(damage -> "slot " + damage.seq() + " below it is: " + damage.detail())
            .orElse("a lower slot is");
    return damaged(state, Damage.Reason.BEHIND_DAMAGE, lower);
  }

  private static Verdict damaged(JournalState state, Damage.Reason reason, String detail) {
    Damage damage = new Damage(state.nextSeq(), reason, detail);
    return new Verdict.Damaged(damage, state.withDamage(damage));
  }
}
