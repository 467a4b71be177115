package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.source.HostFiles;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.PathFilter;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkLimits;
import io.holdfast.agent.walk.WalkOptions;
import io.holdfast.common.entry.EntryPath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** One directory of a cluster with all below it, moved to its place in the snapshot. One thread. */
final class ClusterWalk implements SourceCursor {
  /** Nowhere in a backup: what sorting spills, and caches that are made anew. */
  private static final List<String> EVERYWHERE = List.of("**/pgsql_tmp*", "**/pg_internal.init*");

  /** Relations of sessions, in the directory of a database. */
  private static final String OF_SESSIONS = "*/t[0-9]*_[0-9]*";

  /** In the data directory: what is the running server's, and what a backup brings itself. */
  private static final List<String> AT_TOP =
      List.of(
          "backup_label",
          "backup_label.old",
          "backup_manifest",
          "tablespace_map",
          "tablespace_map.old",
          "postmaster.pid",
          "postmaster.opts",
          "postgresql.auto.conf.tmp",
          "current_logfiles.tmp",
          "global/pg_control",
          "base/" + OF_SESSIONS,
          "pg_wal",
          "pg_dynshmem/*",
          "pg_notify/*",
          "pg_replslot/*",
          "pg_serial/*",
          "pg_snapshots/*",
          "pg_stat_tmp/*",
          "pg_subtrans/*",
          "pg_tblspc/*");

  /** What the walks of one run share. */
  record Ports(Path scratch, Path agentState, Executor readers, RateLimit reading, Gaps gaps) {}

  private final HostFiles files;
  private final EntryPath root;
  private final EntryPath place;
  private final Instant begun;

  private ClusterWalk(HostFiles files, EntryPath root, EntryPath place, Instant begun) {
    this.files = files;
    this.root = root;
    this.place = place;
    this.begun = begun;
  }

  /** The data directory, without the tablespaces that somebody put into it. */
  static ClusterWalk ofData(
      Path directory, List<Path> tablespaces, EntryPath place, Instant begun, Ports ports) {
    return open(directory, AT_TOP, tablespaces, place, begun, ports);
  }

  static ClusterWalk ofTablespace(Path files, EntryPath place, Instant begun, Ports ports) {
    return open(files, List.of(OF_SESSIONS), List.of(), place, begun, ports);
  }

  /** A directory above may bear any name. */
  private static String escaped(Path path) {
    return path.toString().replaceAll("[\\\\*?\\[\\]!# ]", "\\\\$0");
  }

  private static ClusterWalk open(
      Path directory,
      List<String> patterns,
      List<Path> excluded,
      EntryPath place,
      Instant begun,
      Ports ports) {
    WalkOptions options =
        new WalkOptions(
            List.of(bytes(directory)),
            PathFilter.parse(
                Stream.concat(EVERYWHERE.stream(), patterns.stream())
                    .map(pattern -> escaped(directory) + "/" + pattern)
                    .toList()),
            Stream.concat(excluded.stream(), Stream.of(ports.agentState().toAbsolutePath()))
                .map(ClusterWalk::bytes)
                .toList(),
            false,
            false,
            ports.scratch(),
            WalkLimits.defaults());
    HostFiles files =
        new HostFiles(WalkCursor.open(options, ports.readers()), ports.gaps(), ports.reading());
    return new ClusterWalk(files, EntryPath.of(directory.toString().substring(1)), place, begun);
  }

  private static byte[] bytes(Path path) {
    return Names.of(path.toString());
  }

  @Override
  public SourceItem next() {
    for (SourceItem item = files.next(); item != null; item = files.next()) {
      if (item.path().isWithin(root)) {
        LiveItem moved = moved(item);
        if (!moved.isGone()) {
          return moved;
        }
      }
    }
    return null;
  }

  private LiveItem moved(SourceItem item) {
    int shared = root.length();
    byte[] moved = new byte[place.length() + item.path().length() - shared];
    place.write(0, moved, 0);
    item.path().write(shared, moved, place.length());
    return new LiveItem(item, EntryPath.of(moved), begun);
  }

  @Override
  public void close() {
    files.close();
  }
}
