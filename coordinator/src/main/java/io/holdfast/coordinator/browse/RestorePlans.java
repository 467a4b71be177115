package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.id.HostId;
import io.holdfast.common.match.PathPattern;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RestorePlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a restore would write, before it is ordered. Any thread; a plan of some paths reads the
 * pages in which they lie, one by patterns alone reads all. In a private repository none can be
 * opened: it then tells of the whole snapshot, and says so.
 */
public final class RestorePlans {
  /** Less is over before the speed shows. */
  private static final long MEASURED_BYTES_MIN = 16L << 20;

  private static final int JOBS_LOOKED_AT = 500;
  private static final int MEASURED_MAX = 5;
  private static final long MILLIS = 1_000;

  private final Supplier<CatalogView> views;
  private final Browser browser;

  public RestorePlans(Supplier<CatalogView> views, Browser browser) {
    this.views = views;
    this.browser = browser;
  }

  /** Speed of the last restores, in bytes a second. */
  private record Measured(long rate, int restores, boolean here) {}

  /**
   * What {@code order} would take of {@code snapshot} to {@code host}. Errors of {@link
   * Browser#select}; INVALID_ARGUMENT for a pattern that isn't one.
   */
  public RestorePlan plan(StoredSnapshot snapshot, HostId host, RestoreOrder order)
      throws InterruptedException {
    RestorePlan.Builder plan =
        RestorePlan.newBuilder()
            .setSnapshot(ByteString.copyFrom(snapshot.id().toByteArray()))
            .setSnapshotMillis(snapshot.timeMillis())
            .setNeedsGrant(!snapshot.host().equals(host));
    if (isPrivate()) {
      plan.setSealedKeysNeeded(plan.getNeedsGrant())
          .setSelectionUnknown(order.getPathsCount() > 0 || order.getPatternsCount() > 0);
    }
    Selected selected = plan.getSelectionUnknown() ? all(snapshot) : selected(snapshot, order);
    plan.setFiles(selected.files())
        .setDirectories(selected.directories())
        .setBytes(selected.bytes());
    selected.missing().forEach(path -> plan.addMissing(ByteString.copyFrom(path.toByteArray())));
    measured(host)
        .ifPresent(measured ->
            plan.setMeasuredRate(measured.rate())
                .setMeasuredRestores(measured.restores())
                .setMeasuredHere(measured.here()));
    return plan.build();
  }

  private Selected selected(StoredSnapshot snapshot, RestoreOrder order)
      throws InterruptedException {
    List<EntryPath> paths =
        order.getPathsList().stream().map(Files::path).flatMap(Optional::stream).toList();
    List<PathPattern> patterns = order.getPatternsList().stream().map(PathPattern::parse).toList();
    return paths.isEmpty() && patterns.isEmpty()
        ? all(snapshot)
        : browser.select(snapshot, paths, patterns);
  }

  private static Selected all(StoredSnapshot snapshot) {
    Totals totals = snapshot.committed().getTotals();
    return new Selected(
        totals.getFiles(), totals.getDirectories(), totals.getLogicalBytes(), List.of());
  }

  private boolean isPrivate() {
    try (CatalogView view = views.get()) {
      return view.repository().isPrivate();
    }
  }

  /** Of this host, or else of any. */
  private Optional<Measured> measured(HostId host) {
    try (CatalogView view = views.get()) {
      return measured(view.jobs().newest(host, JOBS_LOOKED_AT), true)
          .or(() -> measured(view.jobs().newest(JOBS_LOOKED_AT), false));
    }
  }

  /** The median of the last few. */
  private static Optional<Measured> measured(List<RecordedJob> jobs, boolean here) {
    List<Long> rates =
        jobs.stream()
            .flatMap(RestorePlans::restored)
            .filter(ended -> ended.getBytes() >= MEASURED_BYTES_MIN)
            .filter(ended -> ended.getDurationMillis() > 0)
            .limit(MEASURED_MAX)
            .map(ended -> ended.getBytes() * MILLIS / ended.getDurationMillis())
            .sorted()
            .toList();
    return rates.isEmpty()
        ? Optional.empty()
        : Optional.of(new Measured(rates.get(rates.size() / 2), rates.size(), here));
  }

  private static Stream<JobEnded> restored(RecordedJob job) {
    return job.ordered().getKind() == JobKind.JOB_KIND_RESTORE
        ? job.end().stream()
            .map(RecordedJob.End::ended)
            .filter(ended -> ended.getEnd() != JobEnd.JOB_END_FAILED)
        : Stream.empty();
  }
}
