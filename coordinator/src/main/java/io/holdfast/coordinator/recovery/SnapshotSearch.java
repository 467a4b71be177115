package io.holdfast.coordinator.recovery;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import java.util.Locale;
import java.util.function.Function;

/** Looks at snapshots one by one for the one that is meant. */
final class SnapshotSearch {
  private static final int HOST_DIGITS_MIN = 4;

  private final SnapshotName name;
  private final Function<StoredSnapshot, SnapshotDetails> details;
  private StoredSnapshot best;
  private int matches;
  private int logs;

  SnapshotSearch(SnapshotName name, Function<StoredSnapshot, SnapshotDetails> details) {
    this.name = name;
    this.details = details;
  }

  void look(StoredSnapshot snapshot) {
    switch (name) {
      case SnapshotName.IdPrefix(String digits) -> {
        if (snapshot.id().toString().startsWith(digits)) {
          matches++;
          best = snapshot;
        }
      }
      case SnapshotName.Newest(String host, long throughMillis) -> {
        if (snapshot.timeMillis() <= throughMillis && isNewer(snapshot) && isOf(snapshot, host)) {
          take(snapshot);
        }
      }
    }
  }

  /** A log of a database restores nothing by itself: nobody means it by the newest. */
  private void take(StoredSnapshot snapshot) {
    if (SourceNames.isPostgreSqlLog(details.apply(snapshot).getSourcesList())) {
      logs++;
    } else {
      matches = 1;
      best = snapshot;
    }
  }

  private boolean isNewer(StoredSnapshot snapshot) {
    return best == null || snapshot.timeMillis() > best.timeMillis();
  }

  private boolean isOf(StoredSnapshot snapshot, String host) {
    return host.isEmpty()
        || details.apply(snapshot).getHostName().equals(host)
        || (host.length() >= HOST_DIGITS_MIN
            && snapshot.host().toString().startsWith(host.toLowerCase(Locale.ROOT)));
  }

  /** SNAPSHOT_NOT_FOUND, or SNAPSHOT_AMBIGUOUS for a prefix of several ids. */
  StoredSnapshot found(String asked) {
    if (matches > 1) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_AMBIGUOUS,
          matches + " snapshots begin with '" + asked + "'; give more digits");
    }
    if (best == null) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_NOT_FOUND,
          "the vault has no snapshot '"
              + asked
              + "'"
              + (logs == 0
                  ? ""
                  : " except of the log of a database, which is restored by its id, beside a base"
                      + " backup")
              + "; list them with `holdfast recover --list`");
    }
    return best;
  }
}
