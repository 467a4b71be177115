package io.holdfast.agent.backup;

import io.holdfast.common.entry.Metadata;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files of several paths whose content a run has read at one of them, so that the others need no
 * reading and no room. One thread.
 *
 * <p>Bounded: at most {@link #GROUPS_LIMIT} groups and {@link #PARTS_LIMIT} parts of content. A group
 * leaves when its last path went by. One that finds no room is read at each of its paths again; its
 * small files are then stored once a path.
 */
final class LinkTable {
  static final int GROUPS_LIMIT = 65_536;
  static final int PARTS_LIMIT = 4 * GROUPS_LIMIT;

  /** More parts than this aren't kept: such a file is read again, and its chunks are known. */
  static final int PARTS_OF_ONE_LIMIT = 64;

  /** What names a file as long as it exists. */
  private record Key(long device, long inode) {}

  /** One file; empty until its content is on its way. */
  final class Group {
    private final Metadata seen;
    private final long sizeBytes;
    private long pathsToCome;
    private Upcoming content;
    private int parts;
    private boolean listed = true;

    private Group(SourceItem item) {
      this.seen = item.metadata();
      this.sizeBytes = item.sizeBytes();
      this.pathsToCome = item.linkCount() - 1;
    }

    /** The whole file is {@code entry}. */
    void fill(Upcoming entry) {
      int count = entry instanceof Upcoming.FileStart start ? start.content().parts().size() : 1;
      if (count <= PARTS_OF_ONE_LIMIT && heldParts + count <= PARTS_LIMIT) {
        content = entry;
        // A group that its last path has taken out counts no more.
        parts = listed ? count : 0;
        heldParts += parts;
      }
    }

    /** The file's entry, if it is known by now. */
    Optional<Upcoming> content() {
      return Optional.ofNullable(content);
    }

    private boolean isSame(SourceItem item) {
      return seen.equals(item.metadata()) && sizeBytes == item.sizeBytes();
    }
  }

  private final Map<Key, Group> groups = new HashMap<>();
  private int heldParts;

  /** The group of a file that went by at another path and has not changed since. */
  Optional<Group> find(SourceItem item) {
    Key key = key(item);
    Group group = groups.get(key);
    if (group == null) {
      return Optional.empty();
    }
    boolean same = group.isSame(item);
    if (!same || --group.pathsToCome == 0) {
      groups.remove(key);
      heldParts -= group.parts;
      group.listed = false;
    }
    return same ? Optional.of(group) : Optional.empty();
  }

  /** A group for a file of several paths, to be filled once it is read; empty if there is no room. */
  Optional<Group> open(SourceItem item) {
    if (groups.size() >= GROUPS_LIMIT) {
      return Optional.empty();
    }
    Group group = new Group(item);
    groups.put(key(item), group);
    return Optional.of(group);
  }

  private static Key key(SourceItem item) {
    return new Key(item.device(), item.metadata().inode());
  }

  int groups() {
    return groups.size();
  }

  int parts() {
    return heldParts;
  }
}
