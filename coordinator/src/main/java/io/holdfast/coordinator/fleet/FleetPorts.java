package io.holdfast.coordinator.fleet;

import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.FleetQueries;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.Authority;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the fleet's acts stand on.
 *
 * @param views a new consistent view of the catalog, closed by who asked
 * @param authority in whose name this coordinator speaks, with the head it has applied; throws
 *     NOT_LEADER, FENCED or CATALOG_BEHIND when it may not speak
 */
public record FleetPorts(
    FleetId fleet,
    RepositoryId repository,
    Supplier<CatalogView> views,
    JournalAppender journal,
    MutationSealer mutations,
    Supplier<Authority> authority,
    FleetMeter meter,
    Time time,
    Randomness randomness) {

  /** Answers one question from one view. */
  public <T> T look(Function<FleetQueries, T> question) {
    try (CatalogView view = views.get()) {
      return question.apply(view.fleet());
    }
  }

  /** Appends in one record and waits until that is durable and applied here. */
  public Appended append(Mutation... mutations) throws InterruptedException {
    return journal.appendNow(List.of(mutations));
  }
}
