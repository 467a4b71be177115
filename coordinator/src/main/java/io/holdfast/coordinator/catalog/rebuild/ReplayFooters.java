package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.FooterSource;
import io.holdfast.coordinator.catalog.FooterView;
import io.holdfast.coordinator.catalog.RegisteredPack;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Footers during a replay, which meets packs that have vanished since they were registered. It
 * remembers the last one that two readings found gone or damaged, and answers empty for those it
 * was told to do without. A footer that can't be read just now is an error like any other.
 */
final class ReplayFooters implements FooterSource {
  private final FooterSource vault;
  private final Set<PackId> without = new HashSet<>();
  private Optional<PackId> gone = Optional.empty();

  ReplayFooters(FooterSource vault) {
    this.vault = vault;
  }

  @Override
  public Optional<FooterView> footer(RegisteredPack pack) {
    gone = Optional.empty();
    if (without.contains(pack.id())) {
      return Optional.empty();
    }
    try {
      return vault.footer(pack);
    } catch (HoldfastException e) {
      return isGone(e) ? readAgain(pack) : rethrow(e);
    }
  }

  /** The pack whose footer the last call found gone, if it did; answered once. */
  Optional<PackId> takeGone() {
    Optional<PackId> taken = gone;
    gone = Optional.empty();
    return taken;
  }

  /** Goes on without the footer of {@code pack}. */
  void doWithout(PackId pack) {
    without.add(pack);
  }

  /** Packs it was told to do without. */
  Set<PackId> without() {
    return Set.copyOf(without);
  }

  private Optional<FooterView> readAgain(RegisteredPack pack) {
    try {
      return vault.footer(pack);
    } catch (HoldfastException e) {
      gone = isGone(e) ? Optional.of(pack.id()) : Optional.empty();
      return rethrow(e);
    }
  }

  private static boolean isGone(HoldfastException e) {
    return e.code() == ErrorCode.OBJECT_NOT_FOUND || e.kind() == ErrorKind.CORRUPT;
  }

  private static Optional<FooterView> rethrow(HoldfastException e) {
    throw e;
  }
}
