package io.holdfast.common.page;

/**
 * How two snapshots differ. Pages that both share are never opened, so the cost follows the
 * differences, and memory doesn't grow with either.
 *
 * <p>Both lists are walked side by side. Of the two places, the one with the lower key goes first:
 * an entry there is in that list only, a page is opened. At equal keys, equal pages are left out on
 * both sides, of unequal ones the one of the higher level is opened, or both.
 */
public final class PageDiff {
  private final PageWalker before;
  private final PageWalker after;
  private final PathDiff paths;

  private PageDiff(PageTreeReader before, PageTreeReader after, DiffVisitor visitor) {
    this.before = before.walker();
    this.after = after.walker();
    this.paths = new PathDiff(before, after, visitor);
  }

  /**
   * Tells {@code visitor} every difference, in the order of paths. Throws as {@link PageTreeReader}
   * does, and what the visitor throws; what was told until then is right.
   */
  public static void between(PageTreeReader before, PageTreeReader after, DiffVisitor visitor) {
    if (!before.rootReference().equals(after.rootReference())) {
      new PageDiff(before, after, visitor).run();
    }
  }

  private void run() {
    while (!before.atEnd() || !after.atEnd()) {
      int order = order();
      if (order < 0) {
        passBefore();
      } else if (order > 0) {
        passAfter();
      } else {
        passBoth();
      }
    }
    paths.finish();
  }

  private int order() {
    if (before.atEnd()) {
      return 1;
    }
    return after.atEnd() ? -1 : before.key().compareTo(after.key());
  }

  private void passBefore() {
    if (before.atEntry()) {
      paths.onlyBefore(before.entry());
      before.skip();
    } else {
      before.open();
    }
  }

  private void passAfter() {
    if (after.atEntry()) {
      paths.onlyAfter(after.entry());
      after.skip();
    } else {
      after.open();
    }
  }

  private void passBoth() {
    if (before.atEntry() && after.atEntry()) {
      paths.inBoth(before.entry(), after.entry());
      skipBoth();
    } else if (before.atEntry()) {
      after.open();
    } else if (after.atEntry()) {
      before.open();
    } else {
      passPages();
    }
  }

  private void passPages() {
    if (before.page().page().equals(after.page().page())) {
      skipBoth();
      return;
    }
    int levels = Integer.compare(before.pageLevel(), after.pageLevel());
    if (levels >= 0) {
      before.open();
    }
    if (levels <= 0) {
      after.open();
    }
  }

  private void skipBoth() {
    before.skip();
    after.skip();
  }
}
