package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;

/** Gives pages back. May cache; must be as thread-safe as the readers that share it need. */
@FunctionalInterface
public interface PageSource {
  /**
   * The plaintext of {@code page}, already proven to be the one its K names. The caller changes
   * nothing in it, so the source may hand out the same array again.
   *
   * <p>Throws {@link io.holdfast.common.error.HoldfastException} if the page can't be had; readers
   * let that pass as it is.
   */
  byte[] read(Reference page);
}
