package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * What a server says of its cluster, after it was seen that the cluster's files are those of this
 * host.
 *
 * @param directory the data directory, without symbolic links
 * @param segmentBytes size of a segment of its log
 * @param version name of its directory in every tablespace
 */
record Cluster(Path directory, int segmentBytes, String version) {
  /** The first with today's functions for base backups. */
  private static final int VERSION_MIN = 150_000;

  private static final String FACTS =
      """
      SELECT current_setting('server_version_num'), pg_is_in_recovery(),
        current_setting('wal_level'), %s,
        (SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'),
        system_identifier, catalog_version_no
      FROM pg_control_system()\
      """
          .formatted(hex("current_setting('data_directory')"));

  private static final String TABLESPACES =
      "SELECT oid, "
          + hex("pg_tablespace_location(oid)")
          + " FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')";

  /**
   * A tablespace outside the data directory.
   *
   * @param files directory of this cluster's files in it
   */
  record Tablespace(String oid, Path files) {}

  /** SQL for a text as hexadecimal digits, which nothing in it can disturb. */
  static String hex(String text) {
    return "encode(convert_to(" + text + ", 'UTF8'), 'hex')";
  }

  static String unhex(String digits) {
    return new String(HexFormat.of().parseHex(digits), StandardCharsets.UTF_8);
  }

  /**
   * Asks the server.
   *
   * @throws HoldfastException POSTGRES_UNSUITABLE if it is too old, a standby, or of another host
   */
  static Cluster ask(PsqlSession session, ServerAddress server) throws InterruptedException {
    List<String> facts = session.row(FACTS);
    require(
        Integer.parseInt(facts.get(0)) >= VERSION_MIN,
        server,
        "it is of version " + facts.get(0) + ", and 15 or newer is needed");
    require(
        facts.get(1).equals("f"),
        server,
        "it is a standby: back up the primary, whose agent sees every change");
    require(
        !facts.get(2).equals("minimal"),
        server,
        "its wal_level is minimal: set it to replica, and restart the server");
    String directory = unhex(facts.get(3));
    Path found = onThisHost(Path.of(directory), Long.parseLong(facts.get(5)), server);
    int major = Integer.parseInt(facts.get(0)) / 10_000;
    return new Cluster(found, Integer.parseInt(facts.get(4)), "PG_" + major + "_" + facts.get(6));
  }

  /** The cluster's identity is the first thing in its control file. */
  private static Path onThisHost(Path directory, long identity, ServerAddress server) {
    try {
      Path real = directory.toRealPath();
      try (InputStream control = Files.newInputStream(real.resolve("global/pg_control"))) {
        byte[] begin = control.readNBytes(Long.BYTES);
        boolean same =
            begin.length == Long.BYTES
                && ByteBuffer.wrap(begin).order(ByteOrder.nativeOrder()).getLong() == identity;
        require(same, server, directory + " on this host is of another cluster");
      }
      return real;
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.POSTGRES_UNSUITABLE,
          unsuitable(
              server,
              "its data directory "
                  + directory
                  + " can't be read here: "
                  + e
                  + "; run the agent on the server's own host, as root or as the server's user"),
          e);
    }
  }

  /** Tablespaces, as of now. */
  List<Tablespace> tablespaces(PsqlSession session, ServerAddress server)
      throws InterruptedException {
    return session.rows(TABLESPACES).stream().map(row -> tablespace(row, server)).toList();
  }

  private Tablespace tablespace(List<String> row, ServerAddress server) {
    Path location = Path.of(unhex(row.get(1)));
    try {
      require(
          location.isAbsolute(),
          server,
          "tablespace " + row.get(0) + " lies in the data directory itself: move it out of there");
      return new Tablespace(row.get(0), location.toRealPath().resolve(version));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.POSTGRES_UNSUITABLE,
          unsuitable(server, "its tablespace " + location + " can't be read here: " + e),
          e);
    }
  }

  private static void require(boolean holds, ServerAddress server, String why) {
    if (!holds) {
      throw new HoldfastException(ErrorCode.POSTGRES_UNSUITABLE, unsuitable(server, why));
    }
  }

  private static String unsuitable(ServerAddress server, String why) {
    return "the PostgreSQL server at " + server + " can't be backed up: " + why;
  }

  Path log() {
    return directory.resolve("pg_wal");
  }
}
