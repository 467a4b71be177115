package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalHead;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.JournalStateCodec;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.SeenStanding;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an agent whether the journal still holds what the agent saw of it: one read of one slot. An
 * answer from a coordinator that works: where the vault was set back, it is the coordinator that
 * doesn't know, and the agent that does. Any thread.
 *
 * @param views a new view of the catalog, closed here
 * @param slots the journal as the vault holds it now, whatever the catalog has applied
 */
public record SeenRecords(Supplier<CatalogView> views, JournalSlots slots, JournalAnchor anchor) {
  private static final Logger LOG = LoggerFactory.getLogger(SeenRecords.class);
  private static final int ID_BYTES = 16;

  /** Where the record stands that {@code seen} names; unspecified if it can't be told now. */
  public SeenStanding standing(Authority seen) {
    if (seen.getIncarnation().size() != ID_BYTES
        || seen.getRecordHash().size() != Bytes32.LENGTH
        || seen.getSeq() < 1) {
      return SeenStanding.SEEN_STANDING_UNSPECIFIED;
    }
    try {
      return standing(seen, head());
    } catch (HoldfastException e) {
      LOG.warn("an agent can't be told whether its record is held: {}", e.getMessage());
      return SeenStanding.SEEN_STANDING_UNSPECIFIED;
    }
  }

  private SeenStanding standing(Authority seen, JournalHead head) {
    if (!head.knows(IncarnationId.of(seen.getIncarnation().toByteArray()))) {
      return SeenStanding.SEEN_STANDING_LOST;
    }
    if (head.rolledBack(seen.getSeq())) {
      return SeenStanding.SEEN_STANDING_ROLLED_BACK;
    }
    return holds(seen) ? SeenStanding.SEEN_STANDING_HELD : SeenStanding.SEEN_STANDING_LOST;
  }

  private boolean holds(Authority seen) {
    return slots
        .read(seen.getSeq())
        .map(Replay::hashOf)
        .filter(hash -> seen.getRecordHash().equals(ByteString.copyFrom(hash.toByteArray())))
        .isPresent();
  }

  private JournalHead head() {
    try (CatalogView view = views.get()) {
      return JournalStateCodec.parse(anchor, view.journalState().orElseThrow().toByteArray())
          .mustHead();
    }
  }
}
