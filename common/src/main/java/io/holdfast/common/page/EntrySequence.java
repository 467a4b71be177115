package io.holdfast.common.page;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/**
 * Checks that entries, one after another, are a snapshot's list. Where pages are made and where
 * they are read, the same rules:
 *
 * <ul>
 *   <li>S1: keys ascend strictly.
 *   <li>S2: an entry's directory is in the list before it, and is a directory. In path order it is
 *       then the entry just before or one of the directories above that, so one look at the
 *       separator tells.
 *   <li>S3: a continuation follows its file and begins where the segment before ended; only a gap
 *       lets it begin later.
 *   <li>S4: the segments of a file add up to its size, unless one of them has a gap.
 * </ul>
 *
 * After {@link #forget} the entry before is unknown, and what can't be known isn't checked.
 */
final class EntrySequence {
  private final ErrorCode code;
  private boolean known = true;
  private EntryPath path;
  private boolean directory;

  private boolean file;
  private boolean gap;
  private long fileBytes;
  private long endBytes;

  /** A sequence at the beginning of a list; what is against the rules throws {@code code}. */
  EntrySequence(ErrorCode code) {
    this.code = code;
  }

  /** Something was left out: the next entry may be anything. */
  void forget() {
    known = false;
    path = null;
    file = false;
  }

  /** Takes the next entry and returns how many bytes its path shares with the one before. */
  int accept(Entry entry) {
    return switch (entry) {
      case Node node -> accept(node);
      case Continuation continuation -> accept(continuation);
    };
  }

  /** The list ends here. */
  void finish() {
    finishFile();
  }

  private int accept(Node node) {
    finishFile();
    int shared = path == null ? 0 : path.sharedLength(node.path());
    checkOrder(node.path());
    checkDirectory(node.path(), shared);
    known = true;
    path = node.path();
    directory = node.isDirectory();
    file = false;
    if (node.form() instanceof Form.RegularFile regular) {
      startFile(regular, node.gap().isPresent());
    }
    return shared;
  }

  private void startFile(Form.RegularFile regular, boolean withGap) {
    file = true;
    gap = withGap;
    fileBytes = regular.sizeBytes();
    endBytes = regular.first().endBytes();
  }

  private int accept(Continuation continuation) {
    if (known) {
      checkFollows(continuation);
      gap |= continuation.gap().isPresent();
    } else {
      startInside(continuation);
    }
    checkSegment(continuation.segment());
    endBytes = continuation.segment().endBytes();
    return path.length();
  }

  private void startInside(Continuation continuation) {
    known = true;
    path = continuation.path();
    directory = false;
    file = true;
    // As after a gap: neither where the segment before ended nor the file's size is known.
    gap = true;
    endBytes = 0;
  }

  private void checkOrder(EntryPath next) {
    if (path != null && path.compareTo(next) >= 0) {
      throw new HoldfastException(
          code, "entries are out of order: '" + next + "' comes after '" + path + "'");
    }
  }

  private void checkDirectory(EntryPath next, int shared) {
    int length = next.parentLength();
    if (length < 0 || !known) {
      return;
    }
    boolean present =
        path != null
            && length <= shared
            && (path.length() == length ? directory : path.byteAt(length) == '/');
    if (!present) {
      throw new HoldfastException(code, "entry '" + next + "' has no directory before it");
    }
  }

  private void checkFollows(Continuation continuation) {
    if (!file || !path.equals(continuation.path())) {
      throw new HoldfastException(
          code, "a segment of '" + continuation.path() + "' doesn't follow its file");
    }
  }

  private void checkSegment(Segment segment) {
    boolean fits = gap ? segment.offsetBytes() >= endBytes : segment.offsetBytes() == endBytes;
    if (!fits) {
      throw new HoldfastException(
          code,
          "a segment of '"
              + path
              + "' begins at byte "
              + segment.offsetBytes()
              + ", and the one before ends at "
              + endBytes);
    }
  }

  private void finishFile() {
    if (file && !gap && fileBytes != endBytes) {
      throw new HoldfastException(
          code, "file '" + path + "' has " + fileBytes + " bytes, and its segments " + endBytes);
    }
  }
}
