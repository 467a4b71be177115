package io.holdfast.common.page;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** Decodes pages of every version this program reads. {@link PageTreeWriter} encodes. */
public final class PageCodec {
  private PageCodec() {}

  /**
   * Decodes a page whose bytes are proven to be what its K names, but whose writer is trusted in
   * nothing. A leaf's entries are read later, by its cursors; use {@link Page#verify} to read all
   * now.
   *
   * <p>Throws PAGE_CORRUPT, LIMIT_EXCEEDED or UNKNOWN_VERSION.
   *
   * @param plaintext the page; kept, and not to be changed
   */
  public static Page decode(byte[] plaintext) {
    if (plaintext.length > PageLimits.MAX_PAGE_BYTES) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          "page of " + plaintext.length + " bytes; the most is " + PageLimits.MAX_PAGE_BYTES);
    }
    PageInput in = new PageInput(plaintext, 0);
    PageHead head = PageHead.read(in);
    return head.level() == 0 ? LeafPage.read(in, head.references()) : IndexPage.read(in, head);
  }
}
