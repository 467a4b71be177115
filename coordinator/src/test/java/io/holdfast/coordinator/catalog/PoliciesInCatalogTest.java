package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.applyPolicy;
import static io.holdfast.coordinator.catalog.JournalScript.deletePolicy;
import static io.holdfast.coordinator.catalog.JournalScript.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies: which version is in force, and what became of the others. */
class PoliciesInCatalogTest {
  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  @AfterEach
  void close() {
    catalog.close();
  }

  private <T> T ask(Function<CatalogView, T> question) {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
    try (CatalogView view = catalog.view()) {
      return question.apply(view);
    }
  }

  private Map<PolicyId, Long> inForce() {
    return ask(view -> view.policies().current()).stream()
        .collect(Collectors.toMap(RecordedPolicy::id, RecordedPolicy::version));
  }

  private long ignored() {
    return ask(view -> view.totals().of(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldKeepEveryVersionAndPutTheNewestInForce() {
    journal.record(applyPolicy(1, 1), applyPolicy(2, 1));
    journal.record(applyPolicy(1, 2));
    assertEquals(Map.of(policy(1), 2L, policy(2), 1L), inForce());
    assertEquals(
        List.of(1L, 2L),
        ask(view -> view.policies().versions(policy(1))).stream()
            .map(RecordedPolicy::version)
            .toList());
    assertEquals(1, ask(view -> view.policies().versions(policy(2))).size());
    assertEquals(0, ignored());
  }

  @Test
  void shouldIgnoreVersionsOutOfOrder() {
    journal.record(applyPolicy(1, 2));
    journal.record(applyPolicy(1, 1));
    journal.record(applyPolicy(1, 1));
    journal.record(applyPolicy(1, 3));
    assertEquals(Map.of(policy(1), 1L), inForce());
    assertEquals(3, ignored());
  }

  @Test
  void shouldKeepWhatADeletedPolicySaid() {
    journal.record(applyPolicy(1, 1));
    journal.record(deletePolicy(1));
    assertEquals(Map.of(), inForce());
    List<RecordedPolicy> versions = ask(view -> view.policies().versions(policy(1)));
    assertEquals(2, versions.size());
    assertTrue(versions.getLast().isDeletion());
  }

  @Test
  void shouldNotRevive() {
    journal.record(applyPolicy(1, 1));
    journal.record(deletePolicy(1));
    journal.record(deletePolicy(1));
    journal.record(applyPolicy(1, 1));
    journal.record(applyPolicy(1, 2));
    assertEquals(Map.of(), inForce());
    assertEquals(3, ignored());
  }
}
