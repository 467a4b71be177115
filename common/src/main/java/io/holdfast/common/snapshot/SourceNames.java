package io.holdfast.common.snapshot;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.MariaDbSource;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a snapshot says it reads where that isn't files: one name, in place of their paths. It never
 * begins with a slash, so it is no path; what makes a source the same one again on a host is in it,
 * and nothing else (FORMAT.md, section 7).
 */
public final class SourceNames {
  private static final String POSTGRESQL = "postgresql ";
  private static final String LOG = " archive";

  private SourceNames() {}

  /**
   * What a snapshot made by {@code order} is of: the paths of files as they are given, or one name.
   */
  public static List<byte[]> of(BackupOrder order) {
    return switch (order.getSourceCase()) {
      case SOURCE_NOT_SET -> order.getSourcesList().stream().map(ByteString::toByteArray).toList();
      case COMMAND -> bytes(name(order.getCommand()));
      case BLOCK_IMAGE -> bytes(blockImage(order.getBlockImage().getPath().toStringUtf8()));
      case POSTGRES -> bytes(name(order.getPostgres()));
      case MARIADB -> bytes(name(order.getMariadb()));
    };
  }

  private static List<byte[]> bytes(String name) {
    return List.of(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String name(CommandSource source) {
    return command(source.getCommand(), source.getFileName());
  }

  private static String name(PostgresSource source) {
    return postgreSql(source.getHost(), source.getPort());
  }

  private static String name(MariaDbSource source) {
    List<String> databases = source.getDatabasesList().stream().sorted().distinct().toList();
    return mariaDb(source.getSocket(), source.getDump() ? "dump" : "backup", databases);
  }

  /** A disk as a whole. */
  public static String blockImage(String path) {
    return "block image " + path;
  }

  /** What a program writes. */
  public static String command(String name, String fileName) {
    return "command " + name + " " + fileName;
  }

  /** A PostgreSQL cluster; {@code host} is a name, or the directory of its socket. */
  public static String postgreSql(String host, int port) {
    return POSTGRESQL + host + " " + port;
  }

  /** The log of a PostgreSQL cluster between its base backups, which its agent archives. */
  public static String postgreSqlLog(String host, int port) {
    return postgreSql(host, port) + LOG;
  }

  /** Whether these are the sources of an archive of a PostgreSQL cluster's log. */
  public static boolean isPostgreSqlLog(List<ByteString> sources) {
    return sources.size() == 1
        && sources.getFirst().startsWith(ByteString.copyFromUtf8(POSTGRESQL))
        && sources.getFirst().endsWith(ByteString.copyFromUtf8(LOG));
  }

  /**
   * A MariaDB server.
   *
   * @param method how it is read, in one word
   * @param databases in ascending order; none for all
   */
  public static String mariaDb(String socket, String method, List<String> databases) {
    String some = databases.isEmpty() ? "" : " " + String.join(" ", databases);
    return "mariadb " + socket + " " + method.toLowerCase(Locale.ROOT) + some;
  }
}
