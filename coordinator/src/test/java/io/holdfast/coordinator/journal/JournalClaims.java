package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RecordHash;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of a journal whatever happens, each claim a function that throws {@link Broken}.
 * Judged by a sound replay of what the vault holds, whichever faults the coordinators had.
 */
public final class JournalClaims {
  private static final Replay SOUND = new Replay(TestFleet.VERIFIER);

  private JournalClaims() {}

  /** A claim that doesn't hold. */
  public static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1L;

    Broken(String claim, String detail) {
      super(claim + ": " + detail);
    }
  }

  /** Throws {@link Broken} unless it holds. */
  public static void claim(String claim, boolean holds, String detail) {
    if (!holds) {
      throw new Broken(claim, detail);
    }
  }

  public static void neverTwoCommittersForOneSlot(Map<Long, Set<RecordHash>> acknowledged) {
    acknowledged.forEach(
        (seq, hashes) -> claim("neverTwoCommittersForOneSlot", hashes.size() == 1, "slot " + seq));
  }

  public static void anAcknowledgedRecordIsValid(
      Map<Long, ByteString> slots, Map<Long, Set<RecordHash>> acknowledged) {
    Map<Long, Verdict> verdicts = judge(slots);
    acknowledged.forEach((seq, hashes) -> {
      boolean valid =
          verdicts.get(seq) instanceof Verdict.Valid there
              && hashes.contains(there.record().hash());
      claim("anAcknowledgedRecordIsValid", valid, "slot " + seq + " " + name(verdicts.get(seq)));
    });
  }

  public static void honestWritersCauseNoDamage(Map<Long, ByteString> slots) {
    judge(slots)
        .forEach((seq, verdict) ->
            claim(
                "honestWritersCauseNoDamage",
                !(verdict instanceof Verdict.Damaged),
                "slot " + seq + " " + name(verdict)));
  }

  public static void everyReaderAgreesOnEveryPrefix(
      Map<Long, ByteString> slots, JournalState reader) {
    JournalState again =
        SOUND.fold(JournalState.beforeGenesis(TestFleet.ANCHOR), reader.nextSeq() - 1, from(slots));
    claim(
        "everyReaderAgreesOnEveryPrefix",
        again.equals(reader),
        "before slot "
            + reader.nextSeq()
            + " one had slot "
            + reader.lastValidSeq()
            + " as last valid, now it is "
            + again.lastValidSeq());
  }

  /** Told without {@link Replay}: a slot that readers count, above the start of a higher term. */
  public static void aDeposedWritersLateRecordDoesNotCount(
      Map<Long, ByteString> slots, Set<RecordHash> counted) {
    long term = 0;
    for (ByteString bytes : slots.values()) {
      RecordHash hash = RecordCodec.hash(bytes);
      if (counted.contains(hash)) {
        long of = RecordCodec.parse(0, bytes).term();
        claim("aDeposedWritersLateRecordDoesNotCount", of >= term, hash + " of term " + of);
        term = of;
      }
    }
  }

  /** Told without {@link Replay}: each record a reader counts names the one counted before. */
  public static void whatCountsIsOneChain(Map<Long, ByteString> slots, Set<RecordHash> counted) {
    Optional<RecordHash> previous = Optional.empty();
    for (ByteString bytes : slots.values()) {
      RecordHash hash = RecordCodec.hash(bytes);
      if (counted.contains(hash)) {
        RecordHash named = RecordCodec.parse(0, bytes).previous().hash();
        claim(
            "whatCountsIsOneChain", previous.isEmpty() || previous.get().equals(named), "" + hash);
        previous = Optional.of(hash);
      }
    }
  }

  public static void whatWasReportedAsNotWrittenNeverCounts(
      Map<Long, ByteString> slots, Set<RecordHash> rejected) {
    for (ByteString bytes : slots.values()) {
      claim(
          "whatWasReportedAsNotWrittenNeverCounts",
          !rejected.contains(RecordCodec.hash(bytes)),
          "a rejected record is there");
    }
  }

  private static String name(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Valid valid -> "holds another " + valid.record();
      case Verdict.Outvoted(var slot, var reason, var after) -> "is void: " + reason;
      case Verdict.Damaged(Damage damage, var after) -> "is damaged: " + damage.reason();
      case Verdict.Rewind rewind -> "rolls back to " + rewind.lastValidSeq();
      case null -> "is missing";
    };
  }

  /** Some coordinator leads in the end, once nothing goes wrong any more. */
  public static void aQuietJournalGetsALeader(boolean leads, String states) {
    claim("aQuietJournalGetsALeader", leads, states);
  }

  /** A coordinator that goes for a term has read everything that was promised before it looked. */
  public static void whoContendsKnowsAllThatWasAcknowledged(long knows, long acknowledged) {
    claim(
        "whoContendsKnowsAllThatWasAcknowledged",
        knows >= acknowledged,
        "it read to slot " + knows + ", slot " + acknowledged + " was acknowledged");
  }

  /** Verdict for each slot up to the highest, missing ones included; none holds a rewind. */
  static Map<Long, Verdict> judge(Map<Long, ByteString> slots) {
    Map<Long, Verdict> verdicts = new HashMap<>();
    JournalState state = JournalState.beforeGenesis(TestFleet.ANCHOR);
    long last = slots.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    for (long seq = 1; seq <= last; seq++) {
      Verdict verdict =
          slots.containsKey(seq) ? SOUND.judge(state, slots.get(seq)) : SOUND.missing(state);
      verdicts.put(seq, verdict);
      state = verdict.after();
    }
    return verdicts;
  }

  private static java.util.function.LongFunction<Optional<byte[]>> from(
      Map<Long, ByteString> slots) {
    return seq -> Optional.ofNullable(slots.get(seq)).map(ByteString::toByteArray);
  }
}
