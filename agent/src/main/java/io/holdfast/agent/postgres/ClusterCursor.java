package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * A base backup as a source: begins it with the first item, hands out the cluster's files while
 * they are written to, ends it when all of them have been read, and then hands out what makes them
 * whole. Closed before the end, it leaves nothing behind, neither in the server nor on its disk.
 * One thread.
 */
final class ClusterCursor implements SourceCursor {
  /** Begins the backup. */
  @FunctionalInterface
  interface Beginning {
    BaseBackup begin() throws InterruptedException;
  }

  /** One stretch of the list, opened when it is its turn. */
  @FunctionalInterface
  private interface Part {
    SourceCursor open() throws InterruptedException;
  }

  /** What was made, in the order given. */
  private static final class Made implements SourceCursor {
    private final Deque<SourceItem> items;

    Made(List<? extends SourceItem> items) {
      this.items = new ArrayDeque<>(items);
    }

    @Override
    public SourceItem next() {
      return items.poll();
    }

    @Override
    public void close() {
      items.clear();
    }
  }

  private final Layout layout;
  private final Beginning beginning;
  private final ClusterWalk.Ports ports;
  private final Time time;
  private final Deque<Part> parts = new ArrayDeque<>();

  /** Walked to their ends; their files are still being read. */
  private final Deque<SourceCursor> passed = new ArrayDeque<>();

  private BaseBackup backup;
  private MadeItem.Owner owner;
  private SourceCursor open;
  private boolean awaitsReading;

  ClusterCursor(Layout layout, Beginning beginning, ClusterWalk.Ports ports, Time time) {
    this.layout = layout;
    this.beginning = beginning;
    this.ports = ports;
    this.time = time;
  }

  @Override
  public SourceItem next() throws InterruptedException {
    awaitsReading = false;
    if (backup == null) {
      backup = beginning.begin();
      owner = owner(backup.cluster().directory());
      plan();
    }
    while (true) {
      SourceItem item = open == null ? null : open.next();
      if (item != null) {
        awaitsReading = item.path().equals(layout.path(Layout.TO_START));
        return item;
      }
      if (open != null) {
        passed.add(open);
        open = null;
      }
      if (parts.isEmpty()) {
        return null;
      }
      open = parts.removeFirst().open();
    }
  }

  /** The server is told of the end when nothing remains to be read. */
  @Override
  public boolean awaitsReading() {
    return awaitsReading;
  }

  static MadeItem.Owner owner(Path directory) {
    try {
      return new MadeItem.Owner(
          Integer.toUnsignedLong((Integer) Files.getAttribute(directory, "unix:uid")),
          Integer.toUnsignedLong((Integer) Files.getAttribute(directory, "unix:gid")));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.SOURCE_UNREADABLE, "the data directory can't be described: " + e, e);
    }
  }

  private void plan() {
    Cluster cluster = backup.cluster();
    Instant begun = backup.begun();
    List<Cluster.Tablespace> tablespaces =
        backup.tablespaces().stream()
            .sorted(Comparator.comparing(Cluster.Tablespace::oid)) // as names are
            .toList();
    List<Path> places = tablespaces.stream().map(at -> at.files().getParent()).toList();
    parts.add(() -> new Made(layout.parents()));
    parts.add(() ->
        ClusterWalk.ofData(cluster.directory(), places, layout.path(Layout.DATA), begun, ports));
    parts.add(() -> new Made(List.of(directory(Layout.TABLESPACES))));
    for (Cluster.Tablespace each : tablespaces) {
      parts.add(() -> new Made(List.of(directory(Layout.TABLESPACES, each.oid()))));
      EntryPath place =
          layout.path(Layout.TABLESPACES, each.oid(), each.files().getFileName().toString());
      parts.add(() -> ClusterWalk.ofTablespace(each.files(), place, begun, ports));
    }
    parts.add(() -> new Made(List.of(directory(Layout.TO_START))));
    parts.add(() -> {
      closeParts();
      return ended(backup.end());
    });
  }

  private MadeItem directory(String... below) {
    return MadeItem.directory(layout.path(below), owner, 0700);
  }

  /** What is known now, and the log in between. */
  private SourceCursor ended(BaseBackup.Ended end) {
    List<SourceItem> items = new ArrayList<>();
    items.add(file(Layout.LABEL, BaseBackup.bytes(end.label())));
    items.add(file(Layout.CONTROL, end.control()));
    end.links().ifPresent(links -> items.add(file(Layout.LINKS, BaseBackup.bytes(links))));
    items.add(directory(Layout.LOG));
    LogDirectory log = new LogDirectory(backup.cluster(), owner, ports.reading());
    log.histories().forEach(name -> items.add(log.history(layout.path(Layout.LOG, name), name)));
    for (long number = end.first().number(); number <= end.last().number(); number++) {
      WalSegment segment = new WalSegment(end.first().timeline(), number);
      String name = segment.name(backup.cluster().segmentBytes());
      items.add(log.segment(layout.path(Layout.LOG, name), name));
    }
    items.sort(Comparator.comparing(SourceItem::path));
    return new Made(items);
  }

  private MadeItem file(String name, byte[] content) {
    Instant now = time.now();
    Metadata metadata = owner.metadata(0600, now.getEpochSecond(), now.getNano());
    return new MadeItem(
        layout.path(Layout.TO_START, name),
        EntryType.FILE,
        metadata,
        content.length,
        () -> new MadeFile(content, metadata));
  }

  private void closeParts() {
    if (open != null) {
      passed.add(open);
      open = null;
    }
    while (!passed.isEmpty()) {
      passed.removeLast().close();
    }
  }

  @Override
  public void close() {
    closeParts();
    parts.clear();
    if (backup != null) {
      backup.close();
    }
  }
}
