package io.holdfast.coordinator.sweep;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.SweepQueries.Approval;
import io.holdfast.coordinator.catalog.Total;
import java.util.Optional;

/** What holds a sweep back until somebody had a look. Any thread. */
final class Brakes {
  private final SweepPorts ports;
  private final SweepLimits limits;

  Brakes(SweepPorts ports, SweepLimits limits) {
    this.ports = ports;
    this.limits = limits;
  }

  /** Why nothing may be condemned, if so. */
  Optional<Waiting> onCondemning(Mark mark, Garbage garbage) {
    if (mark.isBlind()) {
      return Optional.of(blind(mark));
    }
    if (isMuch(garbage) && !isApproved(garbage.bytes())) {
      return waiting(
          Waiting.Reason.MUCH,
          garbage.bytes()
              + " bytes are garbage, more than "
              + limits.freePercent()
              + " % of what is stored, and wait for an approval: if that is right, run `holdfast gc"
              + " approve "
              + garbage.bytes()
              + "B`");
    }
    return Optional.empty();
  }

  private static Waiting blind(Mark mark) {
    return new Waiting(
        Waiting.Reason.LOST_PAGES,
        "nothing is condemned: "
            + (mark.isBlindBeyond() ? "more than " : "")
            + mark.blind().size()
            + " pages of snapshots are lost"
            + mark.blind().stream().findFirst().map(page -> ", such as page:" + page).orElse("")
            + ", and what they named isn't known; `holdfast verify` names the snapshots: back"
            + " their hosts up, or delete them");
  }

  /** Whether so much of it would go that it takes an approval. */
  boolean isMuch(Garbage garbage) {
    try (CatalogView view = ports.fleet().views().get()) {
      long stored = view.totals().of(Total.SEALED_BYTES) - view.totals().of(Total.CONDEMNED_BYTES);
      return garbage.bytes() > limits.freeBytes()
          && garbage.bytes() > stored / 100 * limits.freePercent();
    }
  }

  /** Why no names may be given up, if so. */
  Optional<Waiting> onGivingUp(PackObjects objects, PackObjects.Found found) {
    if (found.unnamed() > 0 && objects.wasRolledBack()) {
      return waiting(
          Waiting.Reason.UNNAMED,
          found.unnamed()
              + " objects of packs ("
              + found.unnamedBytes()
              + " bytes) are named by no record. The journal was rolled back, and they may be"
              + " what it had named: they stay; back the hosts up, and ask for help before you"
              + " delete any");
    }
    long bytes = objects.namesDueBytes();
    boolean isMany = objects.namesDue() > SweepLimits.FREE_NAMES || bytes > limits.freeBytes();
    if (isMany && !isApproved(bytes)) {
      return waiting(
          Waiting.Reason.UNNAMED,
          objects.namesDue()
              + " objects of packs ("
              + bytes
              + " bytes) are named by no record, more than a coordinator leaves that was stopped."
              + " If the journal was set back, they may be what it had named, and snapshots are"
              + " missing: see whether all hosts' last backups are there (`holdfast snapshot ls`)."
              + " The objects stay; if nothing is missing, run `holdfast gc approve "
              + bytes
              + "B`");
    }
    return Optional.empty();
  }

  private boolean isApproved(long bytes) {
    long now = ports.fleet().time().now().toEpochMilli();
    try (CatalogView view = ports.fleet().views().get()) {
      Optional<Approval> approval = view.sweeps().approval();
      return approval
          .filter(given -> given.bytes() >= bytes)
          .filter(given -> given.validUntilMillis() >= now)
          .isPresent();
    }
  }

  private static Optional<Waiting> waiting(Waiting.Reason reason, String what) {
    return Optional.of(new Waiting(reason, what));
  }
}
