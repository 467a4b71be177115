package io.holdfast.coordinator.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.catalog.store.MemoryStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewestSnapshotsTest {
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void shouldBeTheLastOfAllInTheOrderOfTheirRecords(long seed) {
    JournalScript journal = RandomJournal.of(seed, 400);
    try (Catalog catalog =
        Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults())) {
      journal.records().forEach(catalog::apply);
      try (CatalogView view = catalog.view()) {
        List<StoredSnapshot> all = all(view);
        assertTrue(all.size() > 2, "seed " + seed + " has only " + all.size());
        for (int limit : new int[] {1, 2, all.size() - 1, all.size(), all.size() + 9}) {
          assertEquals(
              last(all, limit), view.snapshots().newest(Optional.empty(), limit), "seed " + seed);
          for (EnrolledHost host : view.fleet().hosts()) {
            List<StoredSnapshot> own =
                all.stream().filter(one -> one.host().equals(host.id())).toList();
            assertEquals(
                last(own, limit),
                view.snapshots().newest(Optional.of(host.id()), limit),
                "seed " + seed + ", " + host.id());
          }
        }
      }
    }
  }

  private static List<StoredSnapshot> all(CatalogView view) {
    List<StoredSnapshot> all = new ArrayList<>();
    view.snapshots().forEach(all::add);
    all.sort(Comparator.comparingLong(StoredSnapshot::seq).thenComparing(StoredSnapshot::id));
    return all;
  }

  private static List<StoredSnapshot> last(List<StoredSnapshot> all, int limit) {
    return all.subList(Math.max(0, all.size() - limit), all.size());
  }
}
