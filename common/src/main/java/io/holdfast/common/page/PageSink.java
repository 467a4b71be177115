package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;
import java.util.List;

/** Takes finished pages, lower ones before those that refer to them. */
@FunctionalInterface
public interface PageSink {
  /**
   * Takes one page and names it. The reference is wanted at once, because the page above holds it;
   * K is a hash of {@code plaintext}, so sealing and upload may follow behind. What the sink throws
   * leaves {@link PageTreeWriter} unusable and nothing to undo: pages without a root are garbage.
   *
   * @param plaintext the page; the sink owns the array from here on
   * @param references the page's table, in its order
   * @return kind page and K
   */
  Reference store(byte[] plaintext, List<Reference> references, PageSummary summary);
}
