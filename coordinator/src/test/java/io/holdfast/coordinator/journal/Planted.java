package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.coordinator.journal.AppendPhase.Creating;
import io.holdfast.coordinator.journal.AppendPhase.Reading;
import io.holdfast.coordinator.journal.AppendPhase.Rejected;
import io.holdfast.coordinator.journal.AppendPhase.Won;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What coordinators and vault of a model or simulation are made of: sound, or with one fault
 * planted that the claims have to notice.
 */
enum Planted {
  NOTHING,
  /** A time-out passes for success. */
  ACKNOWLEDGE_ON_UNKNOWN,
  /** An own record that is seen passes for a durable one. */
  ACKNOWLEDGE_WHAT_IS_ONLY_SEEN,
  /** The vault has no conditional create. */
  OVERWRITE_SLOTS,
  /** Readers don't look at the predecessor. */
  SKIP_CHAIN_CHECK,
  /** Readers don't look at the term. */
  IGNORE_TERM,
  /** A new leader doesn't look again at what it stands on. */
  LEAD_WITHOUT_CONFIRMING,
  /** "Exists" passes for success, unread. */
  EXISTS_IS_SUCCESS,
  /** A failed sync passes for a time-out. */
  GO_ON_AFTER_FAILED_SYNC,
  /** A new leader appends at once. */
  NO_TERM_STARTED,
  /** An empty slot after a time-out is taken for free. */
  REUSE_SLOT_AFTER_UNKNOWN,
  /** "Full" passes for certainty though an earlier attempt timed out. */
  FULL_AFTER_UNKNOWN_IS_CERTAIN;

  AppendRules rules() {
    return new Rules(this);
  }

  Replay replay() {
    return new FaultyReplay(this, TestFleet.VERIFIER);
  }

  RecordDrafter drafter(int coordinator, int token) {
    return new Drafter(this, coordinator, token);
  }

  boolean vaultOverwrites() {
    return this == OVERWRITE_SLOTS;
  }

  private static final class Rules extends AppendRules {
    private final Planted fault;

    Rules(Planted fault) {
      this.fault = fault;
    }

    @Override
    AppendPhase afterCreate(Creating creating, SlotOutcome outcome) {
      if (fault == ACKNOWLEDGE_ON_UNKNOWN && outcome instanceof SlotOutcome.Unknown) {
        return new Won(creating.draft());
      }
      if (fault == EXISTS_IS_SUCCESS && outcome instanceof SlotOutcome.Exists) {
        return new Won(creating.draft());
      }
      if (fault == GO_ON_AFTER_FAILED_SYNC && outcome instanceof SlotOutcome.SyncFailed) {
        return new Reading(creating.state(), creating.draft(), true, 0);
      }
      if (fault == FULL_AFTER_UNKNOWN_IS_CERTAIN && outcome instanceof SlotOutcome.Full) {
        return new Rejected(creating.state(), "full");
      }
      return super.afterCreate(creating, outcome);
    }

    @Override
    AppendPhase confirm(Verdict.Valid draft, List<SlotHash> left) {
      return super.confirm(draft, fault == LEAD_WITHOUT_CONFIRMING ? List.of() : left);
    }

    @Override
    AppendPhase afterRead(Reading reading, Optional<ByteString> content) {
      if (fault == REUSE_SLOT_AFTER_UNKNOWN && content.isEmpty()) {
        return new Rejected(reading.state(), "nothing is there");
      }
      boolean durable = reading.durable() || fault == ACKNOWLEDGE_WHAT_IS_ONLY_SEEN;
      return super.afterRead(
          new Reading(reading.state(), reading.draft(), durable, reading.tries()), content);
    }
  }

  private static final class FaultyReplay extends Replay {
    private final Planted fault;

    FaultyReplay(Planted fault, RecordVerifier verifier) {
      super(verifier);
      this.fault = fault;
    }

    @Override
    boolean holdsTerm(long term, JournalRecord record) {
      return fault == IGNORE_TERM || super.holdsTerm(term, record);
    }

    @Override
    boolean chains(JournalState state, JournalHead head, JournalRecord record) {
      return fault == SKIP_CHAIN_CHECK || super.chains(state, head, record);
    }
  }

  private static final class Drafter extends RecordDrafter {
    private final Planted fault;

    Drafter(Planted fault, int coordinator, int token) {
      super(
          TestFleet.signer(coordinator), fault.replay(), TestFleet.clock(), TestFleet.token(token));
      this.fault = fault;
    }

    @Override
    Verdict.Valid startTerm(JournalState state) {
      return fault == NO_TERM_STARTED
          ? carry(state, List.of(TestFleet.mutation("no start")))
          : super.startTerm(state);
    }

    @Override
    Verdict judge(Replay readers, JournalState state, ByteString bytes) {
      return fault == NO_TERM_STARTED
          ? new Replay(new Credulous()).judge(state, bytes)
          : super.judge(readers, state, bytes);
    }
  }

  /** Believes every signature, so that a faulty drafter believes in its draft. */
  private static final class Credulous implements RecordVerifier {
    @Override
    public Optional<SignerKey> signerKey(
        List<ByteString> certificates, List<ByteString> roots, CoordinatorId writer, Instant at) {
      return TestFleet.VERIFIER.signerKey(certificates, roots, writer, at);
    }

    @Override
    public boolean verify(SignerKey key, byte[] message, byte[] signature) {
      return true;
    }
  }
}
