package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.FooterSource;
import java.util.Objects;

/** What a catalog is opened and rebuilt with. */
public record CatalogParts(
    StoreFactory stores,
    FooterSource footers,
    CheckpointObjects checkpoints,
    CatalogConfig config) {
  public CatalogParts {
    Objects.requireNonNull(stores, "stores");
    Objects.requireNonNull(footers, "footers");
    Objects.requireNonNull(checkpoints, "checkpoints");
    Objects.requireNonNull(config, "config");
  }
}
