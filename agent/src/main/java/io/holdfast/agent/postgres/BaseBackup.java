package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backup in a server's own sense: begun, the files may be read while they change; ended, the
 * server says what makes them whole. One thread.
 *
 * <ul>
 *   <li>From its begin on the server writes whole pages into its log, and a slot of the session
 *       keeps the log from before the checkpoint on.
 *   <li>From its end on the label is known; the slot stays.
 *   <li>Closed, the session ends and the slot with it; a backup that wasn't ended is as if it had
 *       never been.
 * </ul>
 */
final class BaseBackup implements AutoCloseable {
  private static final Pattern START_FILE =
      Pattern.compile("START WAL LOCATION: \\S+ \\(file ([0-9A-F]{24})\\)");
  private static final int CONTROL_READS_MAX = 1_000;

  /**
   * What the server said at the end.
   *
   * @param label content of the file that must lie in the data directory when a server starts there
   * @param control content of the control file, read before the end
   * @param links content of the file that names the tablespaces; empty if there are none
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Ended(
      String label, byte[] control, Optional<String> links, WalSegment first, WalSegment last) {}

  private final PsqlSession session;
  private final Cluster cluster;
  private final List<Cluster.Tablespace> tablespaces;
  private final Instant begun;

  private BaseBackup(
      PsqlSession session, Cluster cluster, List<Cluster.Tablespace> tablespaces, Instant begun) {
    this.session = session;
    this.cluster = cluster;
    this.tablespaces = tablespaces;
    this.begun = begun;
  }

  /**
   * Begins one in a session that this takes over.
   *
   * @param name of letters, digits and underscores; no other backup's
   * @param fast at once; otherwise with the server's next checkpoint, which may be minutes away
   */
  static BaseBackup begin(
      PsqlSession session, ServerAddress server, String name, boolean fast, Time time)
      throws InterruptedException {
    boolean done = false;
    try {
      Cluster cluster = Cluster.ask(session, server);
      session.row("SELECT pg_create_physical_replication_slot('" + name + "', true, true)");
      Instant begun = time.now();
      session.row("SELECT pg_backup_start('" + name + "', " + fast + ")");
      List<Cluster.Tablespace> tablespaces = cluster.tablespaces(session, server);
      done = true;
      return new BaseBackup(session, cluster, tablespaces, begun);
    } finally {
      if (!done) {
        session.close();
      }
    }
  }

  Cluster cluster() {
    return cluster;
  }

  List<Cluster.Tablespace> tablespaces() {
    return tablespaces;
  }

  /** Before the checkpoint with which it began. */
  Instant begun() {
    return begun;
  }

  /** Ends it; every file must have been read. */
  Ended end() throws InterruptedException {
    byte[] control = control();
    List<String> row =
        session.row(
            "SELECT lsn, "
                + Cluster.hex("labelfile")
                + ", "
                + Cluster.hex("coalesce(spcmapfile, '')")
                + " FROM pg_backup_stop(false)");
    String label = Cluster.unhex(row.get(1));
    String links = Cluster.unhex(row.get(2));
    WalSegment first = first(label);
    Lsn end = Lsn.parse(row.get(0));
    // The end itself is the first byte that isn't needed.
    long last = new Lsn(end.bytes() - 1).segment(cluster.segmentBytes());
    return new Ended(
        label,
        control,
        links.isBlank() ? Optional.empty() : Optional.of(links),
        first,
        new WalSegment(first.timeline(), last));
  }

  private WalSegment first(String label) {
    Matcher matcher = START_FILE.matcher(label);
    if (!matcher.find()) {
      throw new HoldfastException(
          ErrorCode.POSTGRES_REFUSED,
          "the server's label of the backup doesn't say where its log begins: " + label.strip());
    }
    return WalSegment.find(matcher.group(1), cluster.segmentBytes()).orElseThrow();
  }

  /** The server rewrites the file in place: it is read until two readings are equal. */
  private byte[] control() {
    try {
      byte[] last = readControl();
      for (int i = 0; i < CONTROL_READS_MAX; i++) {
        byte[] next = readControl();
        if (Arrays.equals(last, next)) {
          return next;
        }
        last = next;
      }
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.SOURCE_UNREADABLE, "the cluster's control file can't be read: " + e, e);
    }
    throw new HoldfastException(
        ErrorCode.SOURCE_UNREADABLE,
        "the cluster's control file changed " + CONTROL_READS_MAX + " times while it was read");
  }

  private byte[] readControl() throws IOException {
    return Files.readAllBytes(cluster.directory().resolve("global/pg_control"));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    session.close();
  }
}
