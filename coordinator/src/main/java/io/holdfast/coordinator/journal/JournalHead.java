package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SiteId;
import java.util.List;
import java.util.Optional;

/**
 * What the valid records up to the last one add up to.
 *
 * @param last the last valid record
 * @param roots the fleet's
 * @param timeMillis its time, milliseconds since 1970
 * @param signers keys of the newest terms, ascending, at most {@link
 *     JournalLimits#SIGNERS_REMEMBERED}: the last is the current term's
 * @param rollbacks all rollbacks that count, ascending
 * @param writerToken of the leadership that wrote the last valid record
 * @param unsettled the newest slots that no record of their own leadership follows: their writers
 *     may have stopped before they were durable; ascending, at most {@link
 *     JournalLimits#UNSETTLED_MAX}
 */
public record JournalHead(
    FleetId fleet,
    SiteId site,
    RepositoryId repository,
    JournalRoots roots,
    Authority authority,
    SlotHash last,
    long timeMillis,
    List<TermKey> signers,
    List<Rollback> rollbacks,
    ByteString writerToken,
    List<SlotHash> unsettled) {
  /** Who signs the records of a term. */
  public record TermKey(IncarnationId incarnation, long term, SignerKey key) {}

  /** The record at {@code seq} made every slot between {@code lastValidSeq} and itself void. */
  public record Rollback(long seq, long lastValidSeq, IncarnationId ended) {
    boolean covers(long slot) {
      return lastValidSeq < slot && slot < seq;
    }
  }

  Optional<SignerKey> signer(IncarnationId incarnation, long term) {
    return signers.stream()
        .filter(signer -> signer.incarnation().equals(incarnation) && signer.term() == term)
        .map(TermKey::key)
        .findFirst();
  }

  /** Whether a rollback that counts made {@code slot} void. */
  public boolean rolledBack(long slot) {
    return rollbacks.stream().anyMatch(rollback -> rollback.covers(slot));
  }

  /** Whether {@code incarnation} is this journal's or was before a rollback. */
  public boolean knows(IncarnationId incarnation) {
    return authority.incarnation().equals(incarnation)
        || rollbacks.stream().anyMatch(rollback -> rollback.ended().equals(incarnation));
  }
}
