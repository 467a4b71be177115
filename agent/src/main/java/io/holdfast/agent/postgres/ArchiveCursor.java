package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A cluster's archive as a source: what the newest snapshot of it has stands in this one again,
 * which costs nothing, followed by what the log has got since. One thread.
 */
final class ArchiveCursor implements SourceCursor {
  /**
   * What to archive.
   *
   * @param stored segments of the newest snapshot
   * @param fresh full ones that follow
   * @param partial the one that the server writes now
   * @param partialBytes how much of that is written for good
   */
  record Content(
      List<ArchiveIndex.Archived> stored,
      List<ArchiveIndex.Archived> fresh,
      Optional<WalSegment> partial,
      int partialBytes) {
    List<ArchiveIndex.Archived> all() {
      List<ArchiveIndex.Archived> all = new ArrayList<>(stored);
      all.addAll(fresh);
      return all;
    }
  }

  private final Layout layout;
  private final LogDirectory log;
  private final Content content;
  private final Deque<SourceItem> first = new ArrayDeque<>();
  private final SortedSet<String> histories;
  private int next;
  private boolean partialGiven;

  ArchiveCursor(Layout layout, LogDirectory log, Content content) {
    this.layout = layout;
    this.log = log;
    this.content = content;
    this.histories = new TreeSet<>(log.histories());
    first.addAll(layout.parents());
    first.add(MadeItem.directory(layout.path(Layout.ARCHIVE), log.owner(), 0700));
  }

  @Override
  public SourceItem next() {
    if (!first.isEmpty()) {
      return first.removeFirst();
    }
    Optional<String> segment = nextName();
    boolean history =
        !histories.isEmpty()
            && (segment.isEmpty() || histories.first().compareTo(segment.get()) < 0);
    if (history) {
      String name = histories.removeFirst();
      return log.history(place(name), name);
    }
    return segment.map(this::segment).orElse(null);
  }

  private EntryPath place(String name) {
    return layout.path(Layout.ARCHIVE, name);
  }

  private int fullCount() {
    return content.stored().size() + content.fresh().size();
  }

  /** The name of the next segment's file in the log. */
  private Optional<String> nextName() {
    if (next < fullCount()) {
      return Optional.of(name(at(next).segment()));
    }
    return partialGiven ? Optional.empty() : content.partial().map(this::name);
  }

  private String name(WalSegment segment) {
    return segment.name(log.cluster().segmentBytes());
  }

  private ArchiveIndex.Archived at(int index) {
    int stored = content.stored().size();
    return index < stored ? content.stored().get(index) : content.fresh().get(index - stored);
  }

  private SourceItem segment(String name) {
    if (next == fullCount()) {
      partialGiven = true;
      return log.partial(place(name + Layout.PARTIAL), name, content.partialBytes());
    }
    int index = next++;
    return index < content.stored().size()
        ? stored(name, at(index))
        : log.segment(place(name), name, at(index));
  }

  /** Taken over from the base. Where that lost it, it is a gap, since the server has it no more. */
  private SourceItem stored(String name, ArchiveIndex.Archived archived) {
    return new MadeItem(
        place(name),
        EntryType.FILE,
        log.owner().metadata(0600, archived.seconds(), archived.nanos()),
        log.cluster().segmentBytes(),
        () -> {
          throw new SourceFailure(
              Gap.of(GapReason.VANISHED),
              "was archived before, is lost in the vault, and the server has it no more");
        });
  }

  @Override
  public void close() {
    first.clear();
  }
}
