package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.PromotionId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Signature;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.time.Instant;
import java.util.List;

/**
 * A well-formed record: what {@link RecordCodec} lets through. Says nothing about its signature or
 * its place in the journal; {@link Replay} decides those.
 *
 * @param body every field has the length that the format gives it
 * @param bytes the whole object as it lies in the slot
 * @param hash SHA-256 of {@code bytes}
 */
public record JournalRecord(RecordBody body, Opening opening, ByteString bytes, RecordHash hash) {
  public RepositoryId repository() {
    return RepositoryId.of(body.getRepository().toByteArray());
  }

  public long seq() {
    return body.getSeq();
  }

  public long term() {
    return body.getTerm();
  }

  public IncarnationId incarnation() {
    return IncarnationId.of(body.getIncarnation().toByteArray());
  }

  public SiteEpoch epoch() {
    return new SiteEpoch(
        body.getSiteEpoch().getNumber(), PromotionId.of(body.getSiteEpoch().getId().toByteArray()));
  }

  public CoordinatorId writer() {
    return CoordinatorId.of(body.getWriter().toByteArray());
  }

  /** The valid predecessor this record names; seq 0 for the first record. */
  public SlotHash previous() {
    return new SlotHash(body.getPreviousSeq(), RecordHash.of(body.getPreviousHash().toByteArray()));
  }

  /** The void slots this record names, ascending. */
  public List<SlotHash> voids() {
    return body.getVoidsList().stream()
        .map(slot -> new SlotHash(slot.getSeq(), RecordHash.of(slot.getHash().toByteArray())))
        .toList();
  }

  public Instant time() {
    return Instant.ofEpochMilli(body.getTimeMillis());
  }

  public List<Mutation> mutations() {
    return body.getMutationsList();
  }

  /** The bytes before the signature. */
  ByteString unsigned() {
    return bytes.substring(0, bytes.size() - Signature.BYTES);
  }

  ByteString signature() {
    return bytes.substring(bytes.size() - Signature.BYTES);
  }

  @Override
  public String toString() {
    return "record " + seq() + " of term " + term() + " (" + hash.value().abbreviate(12) + ")";
  }
}
