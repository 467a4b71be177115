package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.id.HostId;
import io.holdfast.common.match.PathPattern;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.job.RestoreSpeed;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RestorePlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a restore would write, before it is ordered. Any thread; a plan of some paths reads the
 * pages in which they lie, one by patterns alone reads all. In a private repository none can be
 * opened: it then tells of the whole snapshot, and says so.
 */
public final class RestorePlans {
  private final Supplier<CatalogView> views;
  private final Browser browser;
  private final RestoreSpeeds speeds;

  public RestorePlans(Supplier<CatalogView> views, Browser browser, RestoreSpeeds speeds) {
    this.views = views;
    this.browser = browser;
    this.speeds = speeds;
  }

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
            plan.setMeasuredRate(measured.bytesPerSecond())
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

  private Optional<RestoreSpeed> measured(HostId host) {
    try (CatalogView view = views.get()) {
      return speeds.of(view, host);
    }
  }
}
