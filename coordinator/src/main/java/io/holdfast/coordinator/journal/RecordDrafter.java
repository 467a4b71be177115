package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.RollbackAccepted;
import io.holdfast.proto.stored.v1.TermStarted;
import io.holdfast.proto.stored.v1.VoidSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * Composes and signs the next record of one leadership. Every draft is judged by {@link Replay}
 * before it is handed out, so nothing that readers wouldn't count as valid is ever written. One
 * owner thread.
 */
class RecordDrafter {
  private final RecordSigner signer;
  private final Replay replay;
  private final Time time;
  private final ByteString writerToken;

  /**
   * @param writerToken 16 random bytes, new for each leadership of each process
   */
  RecordDrafter(RecordSigner signer, Replay replay, Time time, ByteString writerToken) {
    this.signer = signer;
    this.replay = replay;
    this.time = time;
    this.writerToken = writerToken;
  }

  /** The first record of a journal. */
  Verdict.Valid startJournal(
      RepositoryId repository,
      SiteEpoch epoch,
      IncarnationId incarnation,
      Genesis genesis,
      List<Mutation> more) {
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(mutation(Change.newBuilder().setGenesis(genesis)));
    mutations.add(termStarted());
    mutations.addAll(more);
    return judged(
        JournalState.beforeGenesis(JournalAnchor.pinned(repository, genesis.getRootCertificate())),
        RecordBody.newBuilder()
            .setRepository(ByteString.copyFrom(repository.toByteArray()))
            .setSeq(1)
            .setTerm(1)
            .setIncarnation(ByteString.copyFrom(incarnation.toByteArray()))
            .setSiteEpoch(stored(epoch))
            .setPreviousHash(ByteString.copyFrom(Bytes32.ZERO.toByteArray()))
            .setTimeMillis(time.now().toEpochMilli())
            .addAllMutations(mutations));
  }

  /** The first record of a new leader: above every term that was seen, void ones included. */
  Verdict.Valid startTerm(JournalState state) {
    return judged(
        state, next(state).setTerm(state.highestTermSeen() + 1).addMutations(termStarted()));
  }

  /** The next record of the current term. */
  Verdict.Valid carry(JournalState state, List<Mutation> mutations) {
    return judged(state, next(state).addAllMutations(mutations));
  }

  /**
   * The first record of a new incarnation.
   *
   * @param lastValid the state right after the slot to go back to
   * @param seq one past the highest slot that anything shows
   * @param highestTerm the highest term that anything shows
   */
  Verdict.Valid rollBack(
      JournalState lastValid, long seq, long highestTerm, IncarnationId incarnation) {
    JournalHead head = lastValid.mustHead();
    RollbackAccepted accepted =
        RollbackAccepted.newBuilder()
            .setLastValidSeq(head.last().seq())
            .setLastValidHash(bytes(head.last().hash()))
            .setEndedIncarnation(ByteString.copyFrom(head.authority().incarnation().toByteArray()))
            .build();
    JournalState jumped = lastValid.jumpTo(seq);
    return judged(
        jumped,
        next(jumped)
            .setTerm(Math.max(highestTerm, lastValid.highestTermSeen()) + 1)
            .setIncarnation(ByteString.copyFrom(incarnation.toByteArray()))
            .addMutations(mutation(Change.newBuilder().setRollbackAccepted(accepted)))
            .addMutations(termStarted()));
  }

  private RecordBody.Builder next(JournalState state) {
    JournalHead head = state.mustHead();
    RecordBody.Builder body =
        RecordBody.newBuilder()
            .setRepository(ByteString.copyFrom(head.repository().toByteArray()))
            .setSeq(state.nextSeq())
            .setTerm(head.authority().term())
            .setIncarnation(ByteString.copyFrom(head.authority().incarnation().toByteArray()))
            .setSiteEpoch(stored(head.authority().epoch()))
            .setPreviousSeq(head.last().seq())
            .setPreviousHash(bytes(head.last().hash()))
            .setTimeMillis(Math.max(head.timeMillis(), time.now().toEpochMilli()));
    for (SlotHash slot : state.voids()) {
      body.addVoids(VoidSlot.newBuilder().setSeq(slot.seq()).setHash(bytes(slot.hash())));
    }
    return body;
  }

  private Verdict.Valid judged(JournalState state, RecordBody.Builder draft) {
    RecordBody body =
        draft
            .setWriter(ByteString.copyFrom(signer.id().toByteArray()))
            .setWriterToken(writerToken)
            .build();
    Verdict verdict = judge(replay, state, RecordCodec.encode(body, signer));
    if (verdict instanceof Verdict.Valid valid) {
      return valid;
    }
    throw new HoldfastException(
        ErrorCode.INTERNAL,
        "journal record "
            + body.getSeq()
            + " was not written because readers would refuse it ("
            + verdict.getClass().getSimpleName()
            + describe(verdict)
            + "): check the coordinator's certificate and clock");
  }

  /** The check of an own draft; apart, so that a test can plant the fault of leaving it out. */
  Verdict judge(Replay readers, JournalState state, ByteString bytes) {
    return readers.judge(state, bytes);
  }

  private static String describe(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Damaged(Damage damage, var after) -> ": " + damage.detail();
      case Verdict.Outvoted(var slot, var reason, var after) -> ": " + reason;
      case Verdict.Valid valid -> "";
      case Verdict.Rewind rewind -> "";
    };
  }

  private Mutation termStarted() {
    TermStarted.Builder started = TermStarted.newBuilder();
    signer.certificates().forEach(der -> started.addCertificates(ByteString.copyFrom(der)));
    return mutation(Change.newBuilder().setTermStarted(started));
  }

  private static Mutation mutation(Change.Builder change) {
    return Mutation.newBuilder().setClear(change.build().toByteString()).build();
  }

  private static io.holdfast.proto.stored.v1.SiteEpoch stored(SiteEpoch epoch) {
    return io.holdfast.proto.stored.v1.SiteEpoch.newBuilder()
        .setNumber(epoch.number())
        .setId(ByteString.copyFrom(epoch.id().toByteArray()))
        .build();
  }

  private static ByteString bytes(RecordHash hash) {
    return ByteString.copyFrom(hash.toByteArray());
  }
}
