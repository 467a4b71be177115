package io.holdfast.coordinator.catalog;

import java.util.Optional;

/**
 * Where apply gets the footers of registered packs from: the vault, through a cache. Called by the
 * thread that applies.
 */
@FunctionalInterface
public interface FooterSource {
  /**
   * Reads the footer of {@code pack} and checks it against {@link RegisteredPack#footerSha256}.
   *
   * <p>An error stops apply before anything changes, and apply may be tried again: OBJECT_NOT_FOUND
   * if the pack is gone, a code of kind CORRUPT if its footer isn't what was registered, others if
   * it can't be read now. Empty, which only a rebuild answers, says that the footer is gone for
   * good: the pack is taken in without locations and shown by {@link PackQueries#unread}, so that a
   * leader can record its loss.
   */
  Optional<FooterView> footer(RegisteredPack pack);
}
