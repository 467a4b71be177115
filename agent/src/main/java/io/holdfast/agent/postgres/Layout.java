package io.holdfast.agent.postgres;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where things stand in the snapshots of one cluster.
 *
 * <pre>
 * postgresql/5432/data/               the data directory, without its log and its control file
 * postgresql/5432/tablespaces/16385/  each tablespace by its number
 * postgresql/5432/to_start/           backup_label, pg_control, tablespace_map
 * postgresql/5432/wal/                the log from the backup's beginning to its end
 * postgresql/5432/archive/            in snapshots of its own: the log since, segment by segment
 * </pre>
 *
 * <p>Names are chosen so that what a server tells last stands last, which is how a snapshot is
 * written. Without its control file no server starts on the data directory: nobody can forget the
 * label, without which it would start and be corrupt.
 */
record Layout(String name) {
  static final String DATA = "data";
  static final String TABLESPACES = "tablespaces";
  static final String TO_START = "to_start";
  static final String LOG = "wal";
  static final String ARCHIVE = "archive";

  static final String LABEL = "backup_label";
  static final String CONTROL = "pg_control";
  static final String LINKS = "tablespace_map";

  /** Ends the name of a segment that is not full yet. */
  static final String PARTIAL = ".partial";

  static Layout of(ServerAddress server) {
    return new Layout(server.name());
  }

  EntryPath path(String... below) {
    return EntryPath.of(
        String.join("/", Stream.concat(Stream.of(name), Stream.of(below)).toList()));
  }

  /** The directories down to the cluster's own. */
  List<MadeItem> parents() {
    List<MadeItem> parents = new ArrayList<>();
    EntryPath at = null;
    for (String component : name.split("/", -1)) {
      Octets octets = Octets.of(component.getBytes(StandardCharsets.UTF_8));
      at = at == null ? EntryPath.of(component) : at.child(octets);
      parents.add(MadeItem.directory(at, MadeItem.Owner.ROOT, 0755));
    }
    return parents;
  }
}
