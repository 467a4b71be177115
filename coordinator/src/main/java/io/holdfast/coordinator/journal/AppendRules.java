package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.journal.AppendPhase.Confirming;
import io.holdfast.coordinator.journal.AppendPhase.Creating;
import io.holdfast.coordinator.journal.AppendPhase.Reading;
import io.holdfast.coordinator.journal.AppendPhase.Ready;
import io.holdfast.coordinator.journal.AppendPhase.Rejected;
import io.holdfast.coordinator.journal.AppendPhase.StopReason;
import io.holdfast.coordinator.journal.AppendPhase.Stopped;
import io.holdfast.coordinator.journal.AppendPhase.Won;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one record gets into its slot: pure functions from phase and answer to phase.
 *
 * <pre>
 *  from      on                             to         because
 *  Ready     appends wait                   Creating   one record in flight, never more
 *  Creating  created                        Reading    what was written is read before it is promised
 *  Creating  exists                         Reading    it may be this very record, from an earlier try
 *  Creating  unknown                        Reading    only the slot knows; nothing is promised meanwhile
 *  Creating  full, never in doubt           Rejected   nothing is there, nor will be: the slot is free
 *  Creating  full, in doubt                 Reading    an earlier try may still land
 *  Creating  sync failed                    Stopped    the disk's content can't be known any more
 *  Reading   the draft's bytes, durable     Won        whoever put them there, they are there
 *  Reading   the same, of an opening        Confirming what it stands on may have been seen, not durable
 *  Reading   the draft's bytes, in doubt    Creating   seen isn't durable: the vault has to say so
 *  Reading   other bytes                    Stopped    outvoted
 *  Reading   nothing                        Creating   the same bytes again, and none but them
 *  Reading   no answer                      Reading    wait and read again
 *  Confirming the same as when first read   Confirming on to the next, after the last Won
 *  Confirming anything else                 Stopped    the power failed in between; this is damage
 *  Won       applied to the catalog         Ready      and only now acknowledged
 *  Rejected  the waiting are told           Ready      at the same slot, free for another record
 *  any       resigned, uncertain for long   Stopped    no acknowledgement; the next leader decides
 * </pre>
 *
 * <p>Invariants: (W1) an acknowledged record was called durable by the vault, and then read from
 * its slot; (W2) one writer puts two different records into one slot only if the first certainly
 * isn't there and never will be; (W3) a writer whose slot holds another's record never writes
 * again; (W4) when a leader begins to answer, every slot below its opening record is durable: those
 * whose writers may have stopped before a sync were read again after the opening record's own sync,
 * which covers them.
 *
 * <p>Not final only so that the tests of this package can plant faults in it.
 */
class AppendRules {
  AppendPhase begin(Ready ready, Verdict.Valid draft) {
    return new Creating(ready.state(), draft, false, 0);
  }

  AppendPhase afterCreate(Creating creating, SlotOutcome outcome) {
    return switch (outcome) {
      case SlotOutcome.Created() -> read(creating, true, creating.tries());
      case SlotOutcome.Exists() -> read(creating, true, creating.tries());
      case SlotOutcome.Unknown(String cause) -> read(creating, false, creating.tries() + 1);
      case SlotOutcome.Full(String cause) ->
          creating.inDoubt()
              ? read(creating, false, creating.tries() + 1)
              : new Rejected(creating.state(), cause);
      case SlotOutcome.SyncFailed(String cause) -> new Stopped(StopReason.SYNC_FAILED, cause);
    };
  }

  AppendPhase afterRead(Reading reading, Optional<ByteString> content) {
    Verdict.Valid draft = reading.draft();
    if (content.isEmpty()) {
      return new Creating(reading.state(), draft, true, reading.tries() + 1);
    }
    if (!content.get().equals(draft.record().bytes())) {
      return new Stopped(StopReason.OUTVOTED, "another record stands in slot " + draft.seq());
    }
    if (!reading.durable()) {
      return new Creating(reading.state(), draft, true, reading.tries());
    }
    boolean opens = !(draft.record().opening() instanceof Opening.Continues);
    return opens ? confirm(draft, below(reading.state())) : new Won(draft);
  }

  private static List<SlotHash> below(JournalState state) {
    List<SlotHash> valid = state.head().map(JournalHead::unsettled).orElse(List.of());
    return Stream.concat(valid.stream(), state.voids().stream()).toList();
  }

  AppendPhase confirm(Verdict.Valid draft, List<SlotHash> left) {
    return left.isEmpty() ? new Won(draft) : new Confirming(draft, left, 0);
  }

  AppendPhase afterConfirm(Confirming confirming, Optional<ByteString> content) {
    SlotHash expected = confirming.left().getFirst();
    if (content.map(RecordCodec::hash).filter(expected.hash()::equals).isEmpty()) {
      return new Stopped(
          StopReason.LOST_BELOW,
          "journal slot " + expected.seq() + " is no longer what it was a moment ago");
    }
    return confirm(confirming.draft(), confirming.left().subList(1, confirming.left().size()));
  }

  AppendPhase afterNoAnswer(Confirming confirming) {
    return new Confirming(confirming.draft(), confirming.left(), confirming.tries() + 1);
  }

  AppendPhase afterNoAnswer(Reading reading) {
    return new Reading(reading.state(), reading.draft(), reading.durable(), reading.tries() + 1);
  }

  AppendPhase afterApply(Won won) {
    return new Ready(won.draft().after());
  }

  AppendPhase afterReject(Rejected rejected) {
    return new Ready(rejected.state());
  }

  private static Reading read(Creating creating, boolean durable, int tries) {
    return new Reading(creating.state(), creating.draft(), durable, tries);
  }
}
