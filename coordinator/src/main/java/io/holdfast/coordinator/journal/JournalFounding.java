package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.PromotionId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SiteId;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The two acts that only an operator starts: the first record of a journal, and the acceptance of a
 * rollback. Each opens a term; whoever leads afterwards opens the next. Block until the record
 * stands.
 */
public final class JournalFounding {
  private static final int ID_BYTES = 16;

  private final JournalPorts ports;

  public JournalFounding(JournalPorts ports) {
    this.ports = ports;
  }

  /** What the first record says for good. */
  public record Charter(
      RepositoryId repository,
      FleetId fleet,
      SiteId site,
      RepositoryMode mode,
      ByteString rootCertificate) {}

  /**
   * Writes slot 1; {@code more} follows genesis and the start of term 1.
   *
   * @throws HoldfastException OBJECT_EXISTS if a journal is there, VAULT_FULL, VAULT_UNAVAILABLE
   */
  public JournalState create(Charter charter, List<Mutation> more) {
    Genesis genesis =
        Genesis.newBuilder()
            .setFleet(ByteString.copyFrom(charter.fleet().toByteArray()))
            .setRootCertificate(charter.rootCertificate())
            .setSite(ByteString.copyFrom(charter.site().toByteArray()))
            .setMode(charter.mode())
            .build();
    SiteEpoch epoch = new SiteEpoch(1, PromotionId.of(ports.randomness().bytes(ID_BYTES)));
    return finish(
        JournalWriter.create(ports, charter.repository(), epoch, newIncarnation(), genesis, more),
        ErrorCode.OBJECT_EXISTS,
        "a journal is already there: this vault holds a repository");
  }

  /**
   * Accepts, for an operator, that records are lost: everything after the last valid slot (or after
   * {@code lastValidSeq}, itself valid) is void from now on. The consumer of the ports must be one
   * that keeps nothing; coordinators meet the record when they read on.
   *
   * @param shownElsewhere the highest slot that any memory, receipt or announcement shows
   * @throws HoldfastException LEADERSHIP_HELD if somebody wrote meanwhile, INVALID_ARGUMENT if the
   *     slot isn't a valid one, VAULT_FULL, VAULT_UNAVAILABLE
   */
  public JournalState acceptRollback(
      JournalAnchor anchor, OptionalLong lastValidSeq, long shownElsewhere) {
    long shown = Math.max(ports.slots().highestListed(0), shownElsewhere);
    JournalState before = JournalState.beforeGenesis(anchor);
    Replay replay = new Replay(ports.verifier());
    JournalState all = replay.fold(before, shown, ports.slots()::read);
    long target = lastValidSeq.orElse(all.lastValidSeq());
    JournalState lastValid = replay.fold(before, target, ports.slots()::read);
    if (lastValid.lastValidSeq() != target || all.mustHead().rolledBack(target)) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "journal slot " + target + " isn't valid: name a slot that holds a valid record");
    }
    return finish(
        JournalWriter.rollBack(
            ports, lastValid, shown + 1, all.highestTermSeen(), newIncarnation()),
        ErrorCode.LEADERSHIP_HELD,
        "another record appeared while the rollback was written: look at the journal again");
  }

  private IncarnationId newIncarnation() {
    return IncarnationId.of(ports.randomness().bytes(ID_BYTES));
  }

  private JournalState finish(JournalWriter writer, ErrorCode outvoted, String message) {
    while (!writer.isLeading() && writer.stopped().isEmpty()) {
      pause(ports.time(), writer.poll().orElse(Duration.ZERO));
    }
    writer
        .stopped()
        .ifPresent(cause -> {
          throw cause.code() == ErrorCode.FENCED
              ? new HoldfastException(outvoted, message + " (" + cause.getMessage() + ")", cause)
              : cause;
        });
    return writer.state();
  }

  private static void pause(Time time, Duration duration) {
    if (duration.isZero()) {
      return;
    }
    try {
      time.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.CANCELLED, "the wait for the vault was interrupted; look whether it wrote", e);
    }
  }
}
