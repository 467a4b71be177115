package io.holdfast.agent.source;

import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkEntry;
import io.holdfast.agent.walk.WalkEvent;
import io.holdfast.agent.walk.WalkGap;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * The files of this host as a source. A gap about a directory's content is joined to its entry; one
 * about something that could not even be described becomes an entry of its own where its directory
 * is known, so that the snapshot shows it.
 */
public final class HostFiles implements SourceCursor {
  private final WalkCursor walk;
  private final Gaps gaps;
  private final RateLimit reading;
  private final LongUnaryOperator devices;
  private HostItem held;
  private WalkGap heldGap;
  private EntryPath lastDirectory;
  private boolean started;

  /**
   * Takes over {@code walk}; what cannot be an entry goes to {@code gaps}.
   *
   * @param reading how fast the content of files is read, all of them together
   */
  public HostFiles(WalkCursor walk, Gaps gaps, RateLimit reading) {
    this(walk, gaps, reading, LongUnaryOperator.identity());
  }

  /**
   * As above, for a walk that is read from elsewhere.
   *
   * @param devices the device that a file system counts as: a snapshot of one as that one itself
   */
  public HostFiles(WalkCursor walk, Gaps gaps, RateLimit reading, LongUnaryOperator devices) {
    this.walk = walk;
    this.gaps = gaps;
    this.reading = reading;
    this.devices = devices;
  }

  @Override
  public SourceItem next() {
    if (!started) {
      started = true;
      advance();
    }
    while (held == null && heldGap != null) {
      Optional<SourceItem> item = undescribed(heldGap);
      heldGap = null;
      advance();
      if (item.isPresent()) {
        return item.get();
      }
    }
    HostItem current = held;
    held = null;
    if (current == null) {
      return null;
    }
    advance();
    boolean ofCurrent = heldGap != null && current.path().equals(EntryPath.of(heldGap.path()));
    if (ofCurrent) {
      current = current.withGap(gap(heldGap));
      heldGap = null;
      advance();
    }
    if (current.type() == EntryType.DIRECTORY) {
      lastDirectory = current.path();
    }
    return current;
  }

  /** Holds the next event, copied: the walk reuses its entry. */
  private void advance() {
    WalkEvent event = walk.next();
    switch (event) {
      case WalkEntry entry -> held = HostItem.of(entry, reading, devices);
      case WalkGap gap -> heldGap = gap;
      case null -> {}
    }
  }

  private Optional<SourceItem> undescribed(WalkGap gap) {
    EntryPath path = EntryPath.of(gap.path());
    boolean placed =
        path.parent().isEmpty()
            || (lastDirectory != null && lastDirectory.isWithin(path.parent().get()));
    if (!placed) {
      gaps.add(path, gap(gap), gap.errnoText());
      return Optional.empty();
    }
    return Optional.of(HostItem.undescribed(path, gap(gap), reading));
  }

  private static Gap gap(WalkGap gap) {
    return new Gap(GapReason.find(gap.reason().number()).orElse(GapReason.UNREADABLE), gap.errno());
  }

  @Override
  public void close() {
    walk.close();
  }
}
