package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Up to where a restored cluster takes in its log. */
public sealed interface RecoveryTarget {
  /** To the end of the base backup and no further; the archive isn't needed. */
  record Backup() implements RecoveryTarget {}

  /** As far as the archive goes. */
  record Everything() implements RecoveryTarget {}

  /** All that was committed by then, and nothing later. */
  record Time(Instant time) implements RecoveryTarget {}

  /** Up to and with this transaction. */
  record Transaction(long id) implements RecoveryTarget {}

  /** The point that {@code pg_create_restore_point} named. */
  record Name(String name) implements RecoveryTarget {
    private static final int BYTES_MAX = 63;

    public Name {
      if (name.isEmpty()
          || name.length() > BYTES_MAX
          || name.chars().anyMatch(c -> c < ' ' || c == '\'' || c == '\\')) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT, "\"" + name + "\" can't be the name of a restore point");
      }
    }
  }

  record Position(Lsn position) implements RecoveryTarget {}

  /** Whether more of the log is needed than lies beside the base backup. */
  default boolean needsArchive() {
    return !(this instanceof Backup);
  }

  /**
   * The line of the server's configuration; empty for no target. It allows one target only, and
   * takes an empty one for another.
   */
  default Optional<String> setting() {
    return switch (this) {
      case Backup _, Everything _ -> Optional.empty();
      case Time(Instant time) -> Optional.of(setting("time", stamp(time)));
      case Transaction(long id) -> Optional.of(setting("xid", Long.toUnsignedString(id)));
      case Name(String name) -> Optional.of(setting("name", name));
      case Position(Lsn position) -> Optional.of(setting("lsn", position.toString()));
    };
  }

  private static String setting(String kind, String value) {
    return "recovery_target_" + kind + " = '" + value + "'";
  }

  /** To the microsecond, which is what a server knows. */
  private static String stamp(Instant time) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'")
        .withZone(ZoneOffset.UTC)
        .format(time);
  }
}
