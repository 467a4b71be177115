package io.holdfast.agent.postgres;

import io.holdfast.agent.source.PasswordFile;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a server listens, and as whom it is spoken to.
 *
 * @param host name, or directory of its socket
 * @param passwordFile in the form of {@code ~/.pgpass}; the only way in which a password gets to
 *     the client program
 */
record ServerAddress(String host, int port, String user, Optional<Path> passwordFile) {
  private static final String HOST_STANDARD = "/var/run/postgresql";
  private static final int PORT_STANDARD = 5432;
  private static final String USER_STANDARD = "holdfast";

  /** What an order names; INVALID_ARGUMENT if that can't be an address. */
  static ServerAddress of(PostgresSource source) {
    String host = source.getHost().isEmpty() ? HOST_STANDARD : source.getHost();
    String user = source.getUser().isEmpty() ? USER_STANDARD : source.getUser();
    int port = source.getPort() == 0 ? PORT_STANDARD : source.getPort();
    if (isOdd(host) || isOdd(user) || port < 1 || port > 65_535) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a PostgreSQL server's host, port and user can't be \""
              + host
              + "\", "
              + port
              + " and \""
              + user
              + "\": correct the policy's source");
    }
    return new ServerAddress(
        host,
        port,
        user,
        source.getPasswordFile().isEmpty()
            ? Optional.empty()
            : Optional.of(Path.of(source.getPasswordFile())));
  }

  /** Control characters, and what the client would read as more than a name. */
  private static boolean isOdd(String word) {
    return word.chars().anyMatch(c -> c < ' ' || c == '=' || c == ',')
        || word.contains("://")
        || word.contains("..");
  }

  /**
   * Where its files stand in a snapshot: {@code postgresql/5432}, with the host in between if it
   * isn't the standard socket's.
   */
  String name() {
    String standard = host.equals("/run/postgresql") ? HOST_STANDARD : host;
    String between =
        standard.equals(HOST_STANDARD) ? "" : "/" + standard.replaceAll("(?<=^|/)[./]+|/+$", "");
    return "postgresql" + between + "/" + port;
  }

  /** The name of its archive's source set; FORMAT.md, section 7. */
  byte[] archiveSource() {
    return SourceNames.postgreSqlLog(host, port).getBytes(StandardCharsets.UTF_8);
  }

  void requirePrivatePassword() {
    passwordFile.ifPresent(PasswordFile::requirePrivate);
  }

  @Override
  public String toString() {
    return host + " port " + port;
  }
}
