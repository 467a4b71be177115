package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.commit;
import static io.holdfast.coordinator.catalog.JournalScript.endJob;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.orderJob;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.session;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs: when they are open, what ends them, which are kept. */
class JobsInCatalogTest {
  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  @AfterEach
  void close() {
    catalog.close();
  }

  private <T> T ask(Function<JobQueries, T> question) {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
    try (CatalogView view = catalog.view()) {
      return question.apply(view.jobs());
    }
  }

  private static JobId job(int number) {
    return JobId.of(run(number).toByteArray());
  }

  private RecordedJob get(int number) {
    return ask(jobs -> jobs.find(job(number))).orElseThrow();
  }

  private List<JobId> open() {
    List<JobId> open = new ArrayList<>();
    ask(jobs -> {
      jobs.forEachOpen(one -> open.add(one.id()));
      return open;
    });
    return open;
  }

  private long ignored() {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
    try (CatalogView view = catalog.view()) {
      return view.totals().of(Total.IGNORED_CHANGES);
    }
  }

  private static List<JobId> ids(List<RecordedJob> jobs) {
    return jobs.stream().map(RecordedJob::id).toList();
  }

  @Test
  void shouldBeOpenUntilItsEnd() {
    journal.record(orderJob(1, 1));
    assertEquals(List.of(job(1)), open());
    assertTrue(get(1).isOpen());
    journal.record(endJob(1, 1, false));
    assertEquals(List.of(), open());
    assertFalse(get(1).isOpen());
    assertTrue(get(1).end().isPresent());
  }

  @Test
  void shouldBeEndedByTheCommitOfItsRun() {
    journal.record(orderJob(1, 1));
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    assertEquals(List.of(), open());
    assertEquals(snapshot(1), get(1).snapshot().orElseThrow().id());
  }

  @Test
  void shouldNotBeEndedByAnotherHost() {
    journal.record(orderJob(1, 1));
    journal.record(endJob(1, 2, false));
    journal.record(commit(host(2), run(1), snapshot(1), session(1)));
    assertEquals(List.of(job(1)), open());
    assertEquals(Optional.empty(), get(1).snapshot());
    assertEquals(1, ignored());
  }

  @Test
  void shouldTakeTheHostsWordForWhatWasAssumed() {
    journal.record(orderJob(1, 1));
    journal.record(endJob(1, 1, true));
    journal.record(endJob(1, 1, false));
    journal.record(endJob(1, 1, true));
    assertFalse(get(1).end().orElseThrow().ended().getAssumed());
    assertEquals(1, ignored());
  }

  @Test
  void shouldNotBeOrderedTwice() {
    journal.record(orderJob(1, 1));
    journal.record(orderJob(1, 2));
    assertEquals(host(1), get(1).host());
    assertEquals(1, ignored());
  }

  @Test
  void shouldListTheNewestFirst() {
    journal.record(orderJob(1, 1));
    journal.record(orderJob(2, 2));
    journal.record(orderJob(3, 1));
    assertEquals(List.of(job(3), job(2), job(1)), ids(ask(jobs -> jobs.newest(9))));
    assertEquals(List.of(job(3), job(2)), ids(ask(jobs -> jobs.newest(2))));
    assertEquals(List.of(job(3), job(1)), ids(ask(jobs -> jobs.newest(host(1), 9))));
  }

  @Test
  void shouldFindByTheBeginningOfTheId() {
    journal.record(orderJob(1, 1));
    String id = job(1).toString();
    assertEquals(List.of(job(1)), ids(ask(jobs -> jobs.withPrefix(id.substring(0, 5), 2))));
    assertEquals(List.of(), ids(ask(jobs -> jobs.withPrefix("0".repeat(32), 2))));
    assertEquals(
        ErrorCode.INVALID_ARGUMENT,
        assertThrows(HoldfastException.class, () -> ask(jobs -> jobs.withPrefix("latest", 2)))
            .code());
  }

  @Test
  void shouldForgetWhatIsTooOldAsNewOnesCome() {
    journal.record(orderJob(1, 1), orderJob(2, 2), orderJob(3, 1));
    journal.record(endJob(2, 2, false));
    journal.later(JobChanges.KEPT.plus(Duration.ofDays(1)));
    journal.record(orderJob(4, 1), orderJob(5, 1));
    assertEquals(Set.of(job(4), job(5)), Set.copyOf(ids(ask(jobs -> jobs.newest(9)))));
    assertEquals(List.of(), ids(ask(jobs -> jobs.newest(host(2), 9))));
    assertEquals(Optional.empty(), ask(jobs -> jobs.find(job(1))));
    assertEquals(2, open().size());
  }
}
