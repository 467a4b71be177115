package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.rpc.AdminJobs;
import java.util.List;
import java.util.function.Supplier;

/** Finds snapshots by id or its beginning, and a host's latest. */
final class SnapshotFinder implements AdminJobs.SnapshotNames {
  private final Supplier<CatalogView> views;

  SnapshotFinder(Supplier<CatalogView> views) {
    this.views = views;
  }

  @Override
  public StoredSnapshot find(String name, NamedHost host) {
    try (CatalogView view = views.get()) {
      if (name.equals("latest")) {
        List<StoredSnapshot> all = view.snapshots().ofHost(host.id(), 0, Integer.MAX_VALUE);
        return all.stream().reduce((a, b) -> b).orElseThrow(() -> unknown(name));
      }
      List<StoredSnapshot> found = view.snapshots().withPrefix(name, 2);
      if (found.size() > 1) {
        throw new HoldfastException(
            ErrorCode.SNAPSHOT_AMBIGUOUS,
            "several snapshots begin with " + name + "; give more digits");
      }
      return found.stream().findFirst().orElseThrow(() -> unknown(name));
    }
  }

  private static HoldfastException unknown(String name) {
    return new HoldfastException(
        ErrorCode.SNAPSHOT_NOT_FOUND,
        "no snapshot " + name + "; list them with `holdfast snapshot ls`");
  }
}
