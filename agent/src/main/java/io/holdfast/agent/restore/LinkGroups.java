package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.LinkGroup;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The first name restored of each hard-linked file, for a bounded number of files: those met last.
 * One thread.
 */
final class LinkGroups {
  /**
   * The name that others are linked to.
   *
   * @param file what is being restored under it; empty if it is there already
   */
  record First(EntryPath path, Optional<FileRestore> file) {}

  private final int limit;
  private final LinkedHashMap<LinkGroup, First> groups = new LinkedHashMap<>();

  LinkGroups(int limit) {
    this.limit = limit;
  }

  Optional<First> find(LinkGroup group) {
    return Optional.ofNullable(groups.get(group));
  }

  void put(LinkGroup group, First first) {
    groups.putLast(group, first);
    if (groups.size() > limit) {
      groups.pollFirstEntry();
    }
  }
}
