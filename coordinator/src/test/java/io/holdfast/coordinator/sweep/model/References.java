package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;

/** What counts for whom, what passes a check, and what passes commit: as the rules have it. */
final class References {
  private final Scenario scenario;

  References(Scenario scenario) {
    this.scenario = scenario;
  }

  boolean isPresent(Entry entry) {
    boolean absent = entry.is(Flag.CONDEMNED) && scenario.on(Rule.CONDEMNED_IS_FOR_EVER_ABSENT);
    return !absent && !entry.is(Flag.LOST);
  }

  boolean counts(Entry entry, int host) {
    return isPresent(entry)
        && (entry.uploader() == host
            || entry.is(Flag.PROVEN)
            || entry.is(Flag.VOUCHED)
            || !scenario.on(Rule.REFERENCES_COUNT_FOR_THE_HOST));
  }

  boolean counts(Catalog view, int chunk, int host) {
    return view.packs().any(entry -> entry.chunk() == chunk && counts(entry, host));
  }

  /** Whether all {@code chunks} count, looking no deeper. */
  boolean allCount(Catalog view, int chunks, int host) {
    for (int left = chunks; left != 0; left &= left - 1) {
      if (!counts(view, Integer.numberOfTrailingZeros(left), host)) {
        return false;
      }
    }
    return true;
  }

  /** The check of a page with this list, as it is registered for {@code host}. */
  boolean passesCheck(Catalog view, int list, int host) {
    if (!scenario.on(Rule.REFERENCES_ARE_CHECKED)) {
      return true;
    }
    if (!allCount(view, list, host)) {
      return false;
    }
    for (int left = list; left != 0; left &= left - 1) {
      int chunk = Integer.numberOfTrailingZeros(left);
      if (scenario.isPage(chunk)
          && scenario.on(Rule.CHECK_COVERS_CHILD_PAGES)
          && !isVouchedFor(view, chunk, host)) {
        return false;
      }
    }
    return true;
  }

  /** What commit asks of the tree below {@code page}. */
  boolean passesCommit(Catalog view, int page, int host) {
    if (!counts(view, page, host)) {
      return false;
    }
    if (isVouchedFor(view, page, host) || !scenario.on(Rule.COMMIT_WALKS_THE_UNCHECKED)) {
      return true;
    }
    for (int left = listFor(view, page, host); left != 0; left &= left - 1) {
      int chunk = Integer.numberOfTrailingZeros(left);
      boolean passes =
          scenario.isPage(chunk) ? passesCommit(view, chunk, host) : counts(view, chunk, host);
      if (!passes) {
        return false;
      }
    }
    return true;
  }

  private boolean isVouchedFor(Catalog view, int page, int host) {
    return view.isTrusted(page, host) || isChecked(view, page, host);
  }

  private boolean isChecked(Catalog view, int page, int host) {
    return view.packs()
        .any(entry -> entry.chunk() == page && counts(entry, host) && isCheckedFor(entry, host));
  }

  private boolean isCheckedFor(Entry entry, int host) {
    boolean others =
        !scenario.on(Rule.CHECK_BELONGS_TO_ITS_HOST) && entry.is(Entry.checkedFor(1 - host));
    return others || entry.is(Entry.checkedFor(host));
  }

  /** A host is served its own location of a page first. */
  private int listFor(Catalog view, int page, int host) {
    int found = 0;
    for (int slot = 0; slot < view.packs().slots(); slot++) {
      Entry entry = view.packs().at(slot);
      if (entry.exists() && entry.chunk() == page && counts(entry, host)) {
        found = scenario.list(entry);
        if (entry.uploader() == host) {
          return found;
        }
      }
    }
    return found;
  }
}
