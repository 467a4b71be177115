package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.PromotionId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SiteId;
import io.holdfast.coordinator.journal.JournalHead.Rollback;
import io.holdfast.coordinator.journal.JournalHead.TermKey;
import io.holdfast.proto.stored.v1.AcceptedRollback;
import io.holdfast.proto.stored.v1.ReplayState;
import io.holdfast.proto.stored.v1.TermSigner;
import io.holdfast.proto.stored.v1.UnsettledSlot;
import java.util.stream.Stream;

/**
 * A {@link JournalState} right after a valid record as bytes: the message {@code ReplayState}.
 * Trusts what it reads no further than the catalog that holds it is trusted. Stateless.
 */
public final class JournalStateCodec {
  private static final int VERSION = 1;

  private JournalStateCodec() {}

  /** The bytes of {@code state}, which has a head, no pending void and no damage. */
  public static byte[] encode(JournalState state) {
    JournalHead head = state.mustHead();
    if (!state.voids().isEmpty() || state.damage().isPresent()) {
      throw new IllegalArgumentException("only a state right after a valid record is kept");
    }
    return ReplayState.newBuilder()
        .setVersion(VERSION)
        .setFleet(bytes(head.fleet().toByteArray()))
        .setSite(bytes(head.site().toByteArray()))
        .setRepository(bytes(head.repository().toByteArray()))
        .setRootCertificate(head.roots().first())
        .addAllSuccessors(head.roots().all().subList(1, head.roots().all().size()))
        .setRetiredRoots(head.roots().retired())
        .setSiteEpoch(
            io.holdfast.proto.stored.v1.SiteEpoch.newBuilder()
                .setNumber(head.authority().epoch().number())
                .setId(bytes(head.authority().epoch().id().toByteArray())))
        .setIncarnationNumber(head.authority().incarnationNumber())
        .setIncarnation(bytes(head.authority().incarnation().toByteArray()))
        .setTerm(head.authority().term())
        .setSeq(head.last().seq())
        .setRecordHash(bytes(head.last().hash().toByteArray()))
        .setTimeMillis(head.timeMillis())
        .setHighestTermSeen(state.highestTermSeen())
        .addAllSigners(head.signers().stream().map(JournalStateCodec::encode).toList())
        .setWriterToken(head.writerToken())
        .addAllUnsettled(head.unsettled().stream().map(JournalStateCodec::encode).toList())
        .addAllRollbacks(head.rollbacks().stream().map(JournalStateCodec::encode).toList())
        .build()
        .toByteArray();
  }

  /**
   * The state that {@link #encode} gave {@code bytes}.
   *
   * @throws HoldfastException MALFORMED, or UNKNOWN_VERSION
   */
  public static JournalState parse(JournalAnchor anchor, byte[] bytes) {
    try {
      ReplayState stored = ReplayState.parseFrom(bytes);
      if (stored.getVersion() != VERSION) {
        throw new HoldfastException(
            ErrorCode.UNKNOWN_VERSION,
            "the catalog's replay state has version "
                + stored.getVersion()
                + ", this version of Holdfast reads "
                + VERSION);
      }
      return JournalState.after(anchor, head(stored), stored.getHighestTermSeen());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          "the catalog's replay state can't be read: rebuild the catalog from the journal",
          e);
    }
  }

  private static JournalHead head(ReplayState stored) {
    return new JournalHead(
        FleetId.of(stored.getFleet().toByteArray()),
        SiteId.of(stored.getSite().toByteArray()),
        RepositoryId.of(stored.getRepository().toByteArray()),
        new JournalRoots(
            Stream.concat(
                    Stream.of(stored.getRootCertificate()), stored.getSuccessorsList().stream())
                .toList(),
            stored.getRetiredRoots()),
        authority(stored),
        new SlotHash(stored.getSeq(), RecordHash.of(stored.getRecordHash().toByteArray())),
        stored.getTimeMillis(),
        stored.getSignersList().stream().map(JournalStateCodec::parse).toList(),
        stored.getRollbacksList().stream().map(JournalStateCodec::parse).toList(),
        stored.getWriterToken(),
        stored.getUnsettledList().stream().map(JournalStateCodec::parse).toList());
  }

  private static Authority authority(ReplayState stored) {
    return new Authority(
        new SiteEpoch(
            stored.getSiteEpoch().getNumber(),
            PromotionId.of(stored.getSiteEpoch().getId().toByteArray())),
        stored.getIncarnationNumber(),
        IncarnationId.of(stored.getIncarnation().toByteArray()),
        stored.getTerm());
  }

  private static TermSigner encode(TermKey signer) {
    return TermSigner.newBuilder()
        .setIncarnation(bytes(signer.incarnation().toByteArray()))
        .setTerm(signer.term())
        .setKey(signer.key().encoded())
        .build();
  }

  private static TermKey parse(TermSigner stored) {
    return new TermKey(
        IncarnationId.of(stored.getIncarnation().toByteArray()),
        stored.getTerm(),
        new SignerKey(stored.getKey()));
  }

  private static AcceptedRollback encode(Rollback rollback) {
    return AcceptedRollback.newBuilder()
        .setSeq(rollback.seq())
        .setLastValidSeq(rollback.lastValidSeq())
        .setEndedIncarnation(bytes(rollback.ended().toByteArray()))
        .build();
  }

  private static Rollback parse(AcceptedRollback stored) {
    return new Rollback(
        stored.getSeq(),
        stored.getLastValidSeq(),
        IncarnationId.of(stored.getEndedIncarnation().toByteArray()));
  }

  private static UnsettledSlot encode(SlotHash slot) {
    return UnsettledSlot.newBuilder()
        .setSeq(slot.seq())
        .setHash(bytes(slot.hash().toByteArray()))
        .build();
  }

  private static SlotHash parse(UnsettledSlot stored) {
    return new SlotHash(stored.getSeq(), RecordHash.of(stored.getHash().toByteArray()));
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }
}
