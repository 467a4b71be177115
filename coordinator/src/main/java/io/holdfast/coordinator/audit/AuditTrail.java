package io.holdfast.coordinator.audit;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.RecordLookup;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Finds what people did. Any thread; reads one record of the journal for each that it looks at. */
public final class AuditTrail {
  private final Supplier<CatalogView> views;
  private final RecordLookup records;
  private final AuditWords words;

  public AuditTrail(Supplier<CatalogView> views, RecordLookup records, MutationSealer mutations) {
    this.views = views;
    this.records = records;
    this.words = new AuditWords(mutations);
  }

  /**
   * What is looked for.
   *
   * @param actor by his name; empty for everybody
   * @param limit at least 1
   */
  public record Wish(
      long sinceMillis, String actor, Optional<HostId> host, long limit, boolean newestFirst) {}

  /** Hands to {@code out} what fits. JOURNAL_DAMAGED, VAULT_UNAVAILABLE, SIGNATURE_INVALID. */
  public void list(Wish wish, Consumer<AuditEntry> out) {
    long[] seqs = seqs(wish);
    long left = wish.limit();
    for (int i = 0; i < seqs.length && left > 0; i++) {
      long seq = wish.newestFirst() ? seqs[i] : seqs[seqs.length - 1 - i];
      RecordLookup.Found record = records.get(seq);
      List<AuditEntry> entries = words.of(record.body(), record.hash());
      for (AuditEntry entry : wish.newestFirst() ? entries.reversed() : entries) {
        if (left > 0 && fits(entry, wish)) {
          out.accept(entry);
          left--;
        }
      }
    }
  }

  private long[] seqs(Wish wish) {
    try (CatalogView view = views.get()) {
      return view.audits().newest(wish.sinceMillis(), Long.MAX_VALUE);
    }
  }

  private static boolean fits(AuditEntry entry, Wish wish) {
    return (wish.actor().isEmpty() || wish.actor().equals(entry.actor()))
        && (wish.host().isEmpty() || wish.host().equals(entry.host()));
  }
}
