package io.holdfast.coordinator.journal;

import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.SiteId;

/** A place in a journal that somebody saw: a cursor, a memory, what a receipt names. */
public record JournalMark(SiteId site, IncarnationId incarnation, SlotHash slot) {
  /** The last valid record of {@code head}. */
  public static JournalMark of(JournalHead head) {
    return new JournalMark(head.site(), head.authority().incarnation(), head.last());
  }
}
