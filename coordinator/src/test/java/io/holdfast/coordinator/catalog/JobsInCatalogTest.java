package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.commit;
import static io.holdfast.coordinator.catalog.JournalScript.endJob;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.orderJob;
import static io.holdfast.coordinator.catalog.JournalScript.orderRun;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.scheduledRun;
import static io.holdfast.coordinator.catalog.JournalScript.series;
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
import io.holdfast.proto.stored.v1.JobKind;
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

  private List<JobId> visited(JobKind kind, long fromMillis, int lookedAt) {
    List<JobId> visited = new ArrayList<>();
    return ask(jobs -> {
      jobs.forEachNewest(kind, fromMillis, lookedAt, job -> visited.add(job.id()));
      return visited;
    });
  }

  @Test
  void shouldVisitTheNewestOfAKindBackToATime() {
    journal.record(orderJob(1, 1));
    journal.later(Duration.ofMinutes(1));
    journal.record(orderJob(2, 2));
    JobKind backup = JobKind.JOB_KIND_BACKUP;
    assertEquals(List.of(job(2), job(1)), visited(backup, 0, 9));
    assertEquals(List.of(job(2), job(1)), visited(backup, get(1).timeMillis(), 9));
    assertEquals(List.of(job(2)), visited(backup, get(1).timeMillis() + 1, 9));
    assertEquals(List.of(job(2)), visited(backup, 0, 1));
    assertEquals(List.of(), visited(JobKind.JOB_KIND_RESTORE, 0, 9));
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

  private LastAttempt last(int series) {
    return ask(jobs -> jobs.last(series(series))).orElseThrow();
  }

  @Test
  void shouldKnowTheLastAttemptOfASeries() {
    assertEquals(Optional.empty(), ask(jobs -> jobs.last(series(1))));
    journal.record(orderRun(1, 1, 1, 100, 1));
    assertEquals(LastAttempt.State.OPEN, last(1).state());
    journal.record(endJob(1, 1, true));
    assertEquals(LastAttempt.State.VANISHED, last(1).state());
    journal.record(endJob(1, 1, false));
    assertEquals(LastAttempt.State.FAILED, last(1).state());
    journal.record(orderRun(2, 1, 1, 100, 2));
    assertEquals(2, last(1).run().getAttempt());
    assertEquals(LastAttempt.State.OPEN, last(1).state());
    journal.record(commit(host(1), scheduledRun(1, 100), snapshot(1), session(1)));
    assertEquals(LastAttempt.State.ENDED, last(1).state());
    assertEquals(List.of(), open());
  }

  @Test
  void shouldOrderNoRunTwiceAndNoneThatIsEarlier() {
    journal.record(orderRun(1, 1, 1, 100, 1));
    journal.record(orderRun(2, 1, 1, 100, 1), orderRun(3, 1, 1, 99, 4));
    assertEquals(2, ignored());
    assertEquals(List.of(job(1)), open());
    assertEquals(job(1), last(1).job());
    journal.record(orderRun(4, 1, 2, 50, 1));
    assertEquals(Set.of(job(1), job(4)), Set.copyOf(open()));
  }

  @Test
  void shouldGiveTheRunsSnapshotToItsLastAttempt() {
    journal.record(orderRun(1, 1, 1, 100, 1), endJob(1, 1, true), orderRun(2, 1, 1, 100, 2));
    journal.record(commit(host(1), scheduledRun(1, 100), snapshot(1), session(1)));
    assertEquals(Optional.empty(), get(1).snapshot());
    assertEquals(snapshot(1), get(2).snapshot().orElseThrow().id());
    assertEquals(job(2), ofRun(1).orElseThrow().id());
    assertEquals(Optional.empty(), ofRun(2), "the run is another host's");
  }

  private Optional<RecordedJob> ofRun(int host) {
    return ask(jobs -> jobs.ofScheduledRun(host(host), scheduledRun(1, 100)));
  }

  @Test
  void shouldRememberASeriesLongerThanItsJobs() {
    journal.record(orderRun(1, 1, 1, 100, 1), endJob(1, 1, false));
    journal.later(JobChanges.KEPT.plus(Duration.ofDays(1)));
    journal.record(orderJob(4, 1), orderJob(5, 1));
    assertEquals(Optional.empty(), ask(jobs -> jobs.find(job(1))));
    assertEquals(100, last(1).run().getNominalSeconds());
    assertEquals(LastAttempt.State.ENDED, last(1).state());
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
