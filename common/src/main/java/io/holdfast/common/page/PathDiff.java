package io.holdfast.common.page;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Node;
import java.util.EnumSet;
import java.util.Set;

/**
 * Puts differing entries together to paths, since a file may be many entries, and says in what they
 * differ. Holds one path.
 */
final class PathDiff {
  private final PageTreeReader earlier;
  private final PageTreeReader later;
  private final DiffVisitor visitor;
  private EntryPath path;
  private Node before;
  private Node after;

  /** Some further segment differs. */
  private boolean segmentsDiffer;

  private boolean segmentGapsDiffer;

  PathDiff(PageTreeReader earlier, PageTreeReader later, DiffVisitor visitor) {
    this.earlier = earlier;
    this.later = later;
    this.visitor = visitor;
  }

  void onlyBefore(Entry entry) {
    turnTo(entry.path());
    switch (entry) {
      case Node node -> before = node;
      case Continuation continuation -> segmentOnOneSide(continuation);
    }
  }

  void onlyAfter(Entry entry) {
    turnTo(entry.path());
    switch (entry) {
      case Node node -> after = node;
      case Continuation continuation -> segmentOnOneSide(continuation);
    }
  }

  private void segmentOnOneSide(Continuation continuation) {
    segmentsDiffer = true;
    segmentGapsDiffer |= continuation.gap().isPresent();
  }

  void inBoth(Entry earlierEntry, Entry laterEntry) {
    turnTo(earlierEntry.path());
    if (earlierEntry instanceof Node earlierNode && laterEntry instanceof Node laterNode) {
      before = earlierNode;
      after = laterNode;
    } else if (earlierEntry instanceof Continuation left
        && laterEntry instanceof Continuation right) {
      segmentsDiffer |= !left.segment().equals(right.segment());
      segmentGapsDiffer |= !left.gap().equals(right.gap());
    }
  }

  /** No entries follow. */
  void finish() {
    if (path != null) {
      tell();
    }
  }

  private void turnTo(EntryPath next) {
    if (next.equals(path)) {
      return;
    }
    finish();
    path = next;
    before = null;
    after = null;
    segmentsDiffer = false;
    segmentGapsDiffer = false;
  }

  private void tell() {
    if (before == null && after == null) {
      findNodes();
    }
    if (before != null && after != null) {
      tellChange();
    } else if (before != null) {
      visitor.removed(before);
    } else if (after != null) {
      visitor.added(after);
    }
  }

  /** The file's own entry lies on a page that both share; only later segments were met. */
  private void findNodes() {
    if (segmentsDiffer || segmentGapsDiffer) {
      before = earlier.find(path).orElse(null);
      after = later.find(path).orElse(null);
    }
  }

  private void tellChange() {
    Set<Difference> differences = differences();
    if (!differences.isEmpty()) {
      visitor.changed(before, after, differences);
    }
  }

  private Set<Difference> differences() {
    EnumSet<Difference> differences = EnumSet.noneOf(Difference.class);
    if (before.type() != after.type()) {
      differences.add(Difference.TYPE);
      return differences;
    }
    addIf(differences, formsDiffer() && !isPlacedElsewhere(), Difference.CONTENT);
    addIf(differences, formsDiffer() && isPlacedElsewhere(), Difference.PLACEMENT);
    addIf(differences, metadataDiffers(), Difference.METADATA);
    addIf(differences, !before.xattrs().equals(after.xattrs()), Difference.XATTRS);
    addIf(differences, gapsDiffer(), Difference.GAP);
    return differences;
  }

  private static void addIf(Set<Difference> differences, boolean holds, Difference difference) {
    if (holds) {
      differences.add(difference);
    }
  }

  private boolean formsDiffer() {
    return segmentsDiffer || !before.form().equals(after.form());
  }

  private boolean metadataDiffers() {
    return !before.metadata().equals(after.metadata())
        || !before.linkDevice().equals(after.linkDevice());
  }

  private boolean gapsDiffer() {
    return segmentGapsDiffer || !before.gap().equals(after.gap());
  }

  /** The rule by which a backup takes a file as unchanged: size, times and inode. */
  private boolean isPlacedElsewhere() {
    return before.form() instanceof Form.RegularFile left
        && after.form() instanceof Form.RegularFile right
        && left.sizeBytes() == right.sizeBytes()
        && sameState(before.metadata(), after.metadata())
        && !gapsDiffer();
  }

  private static boolean sameState(Metadata left, Metadata right) {
    return left.mtimeSeconds() == right.mtimeSeconds()
        && left.mtimeNanos() == right.mtimeNanos()
        && left.ctimeSeconds() == right.ctimeSeconds()
        && left.ctimeNanos() == right.ctimeNanos()
        && left.inode() == right.inode();
  }
}
