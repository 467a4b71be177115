package io.holdfast.coordinator.rpc;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.catalog.CatalogTotals;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.SweepQueries.LastSweep;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.sweep.Sweeper;
import io.holdfast.coordinator.sweep.Waiting;
import io.holdfast.proto.stored.v1.SweepCompleted;
import io.holdfast.proto.wire.v1.ApproveSweepAnswer;
import io.holdfast.proto.wire.v1.ApproveSweepRequest;
import io.holdfast.proto.wire.v1.PlanSweepEvent;
import io.holdfast.proto.wire.v1.RunSweepEvent;
import io.holdfast.proto.wire.v1.SweepPhase;
import io.holdfast.proto.wire.v1.SweepPlan;
import io.holdfast.proto.wire.v1.SweepProgress;
import io.holdfast.proto.wire.v1.SweepResult;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The Admin calls about garbage collection, without gRPC around them. Any thread; calls block.
 * Errors are those of {@link Sweeper}.
 */
public final class AdminSweeps {
  private static final Duration VALID = Duration.ofDays(7);
  private static final long REPORT_MILLIS = 1_000;

  private final Sweeper sweeper;
  private final Supplier<CatalogView> views;

  public AdminSweeps(Sweeper sweeper, Supplier<CatalogView> views) {
    this.sweeper = sweeper;
    this.views = views;
  }

  /** Tells how far it is, then what a sweep would do; stops if the caller leaves. */
  public void plan(Consumer<PlanSweepEvent> out) throws InterruptedException {
    FutureTask<Sweeper.Plan> task = start(sweeper::plan);
    try {
      Sweeper.Plan plan =
          await(
              task,
              progress -> out.accept(PlanSweepEvent.newBuilder().setProgress(progress).build()));
      out.accept(PlanSweepEvent.newBuilder().setPlan(plan(plan)).build());
    } finally {
      task.cancel(true);
    }
  }

  /** Sweeps and tells how far it is, then what came of it; goes on if the caller leaves. */
  public void run(Consumer<RunSweepEvent> out) throws InterruptedException {
    Sweeper.Outcome outcome =
        await(
            start(sweeper::sweep),
            progress -> out.accept(RunSweepEvent.newBuilder().setProgress(progress).build()));
    SweepResult result = result(outcome.done(), 0).addAllWaiting(words(outcome.waiting())).build();
    out.accept(RunSweepEvent.newBuilder().setResult(result).build());
  }

  public ApproveSweepAnswer approve(ApproveSweepRequest request, String actor)
      throws InterruptedException {
    Duration valid =
        request.getValidSeconds() == 0 ? VALID : Duration.ofSeconds(request.getValidSeconds());
    Instant until = sweeper.approve(request.getBytes(), valid, actor);
    return ApproveSweepAnswer.newBuilder().setValidUntilMillis(until.toEpochMilli()).build();
  }

  public SweepStatusAnswer status() {
    SweepStatusAnswer.Builder answer =
        SweepStatusAnswer.newBuilder()
            .setProgress(progress())
            .addAllWaiting(words(sweeper.waiting().orElse(List.of())));
    try (CatalogView view = views.get()) {
      CatalogTotals totals = view.totals();
      answer
          .setCondemnedEntries(totals.of(Total.CONDEMNED_ENTRIES))
          .setCondemnedBytes(totals.of(Total.CONDEMNED_BYTES))
          .setSurplusBytes(totals.of(Total.SURPLUS_BYTES))
          .setDeletedPacks(totals.of(Total.DELETED_PACKS))
          .setDeletedBytes(totals.of(Total.DELETED_BYTES));
      view.sweeps().lastSweep().map(AdminSweeps::result).ifPresent(answer::setLast);
    }
    return answer.build();
  }

  /** On a thread of its own: look-ups of a mark would pin a carrier for as long as it takes. */
  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("asked sweep").daemon().start(task);
    return task;
  }

  private <T> T await(FutureTask<T> task, Consumer<SweepProgress> report)
      throws InterruptedException {
    while (true) {
      try {
        return task.get(REPORT_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        report.accept(progress());
      } catch (ExecutionException e) {
        HoldfastException cause = RpcErrors.asHoldfast(e.getCause());
        throw new HoldfastException(cause.code(), cause.getMessage(), cause);
      }
    }
  }

  private SweepProgress progress() {
    Sweeper.Progress progress = sweeper.progress();
    return SweepProgress.newBuilder()
        .setPhase(phase(progress.phase()))
        .setSinceMillis(progress.since().toEpochMilli())
        .setMarked(progress.met())
        .setPacks(progress.packs())
        .build();
  }

  private static SweepPhase phase(Sweeper.Phase phase) {
    return switch (phase) {
      case IDLE -> SweepPhase.SWEEP_PHASE_IDLE;
      case MARKING -> SweepPhase.SWEEP_PHASE_MARKING;
      case CONDEMNING -> SweepPhase.SWEEP_PHASE_CONDEMNING;
      case DELETING -> SweepPhase.SWEEP_PHASE_DELETING;
      case SEEKING_SURPLUS -> SweepPhase.SWEEP_PHASE_SEEKING_SURPLUS;
      case REWRITING -> SweepPhase.SWEEP_PHASE_REWRITING;
      case MEASURING -> SweepPhase.SWEEP_PHASE_MEASURING;
    };
  }

  private static SweepPlan plan(Sweeper.Plan plan) {
    return SweepPlan.newBuilder()
        .setEntries(plan.entries())
        .setBytes(plan.bytes())
        .setSurplusEntries(plan.surplusEntries())
        .setSurplusBytes(plan.surplusBytes())
        .setUnnamedObjects(plan.objects().unnamed())
        .setUnnamedBytes(plan.objects().unnamedBytes())
        .setVoidObjects(plan.objects().voids())
        .setVoidBytes(plan.objects().voidBytes())
        .setDeletablePacks(plan.deletable())
        .setDeletableBytes(plan.deletableBytes())
        .setSparsePacks(plan.sparse())
        .setSparseLiveBytes(plan.sparseLiveBytes())
        .addAllWaiting(words(plan.waiting()))
        .build();
  }

  private static List<String> words(List<Waiting> waiting) {
    return waiting.stream().map(Waiting::what).toList();
  }

  private static SweepResult result(LastSweep last) {
    return result(last.completed(), last.timeMillis()).build();
  }

  private static SweepResult.Builder result(SweepCompleted done, long timeMillis) {
    return SweepResult.newBuilder()
        .setTimeMillis(timeMillis)
        .setDurationMillis(done.getDurationMillis())
        .setMarked(done.getMarkedEntries())
        .setPacks(done.getPacks())
        .setCondemnedEntries(done.getCondemnedEntries())
        .setCondemnedBytes(done.getCondemnedBytes())
        .setSurplusEntries(done.getSurplusEntries())
        .setSurplusBytes(done.getSurplusBytes())
        .setRewrittenPacks(done.getRewrittenPacks())
        .setDeletedPacks(done.getDeletedPacks())
        .setDeletedBytes(done.getDeletedBytes());
  }
}
