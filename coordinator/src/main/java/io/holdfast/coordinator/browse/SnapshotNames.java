package io.holdfast.coordinator.browse;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What people call snapshots.
 *
 * <pre>
 * 3f9a21          the one whose id begins so
 * latest          the newest of all hosts
 * latest:HOST     the newest of a host, whatever its sources; of the one that it replaced, if it
 *                 has none itself
 * HOST@TIME       the newest of a host at that time or before: RFC 3339 with an offset, or a date,
 *                 which means the end of that day in UTC
 * </pre>
 *
 * <p>Times are the coordinator's, of the commit. Nothing is guessed: what fits several is refused
 * with their names. Any thread.
 */
public final class SnapshotNames {
  static final int NAMED_LIMIT = 10;

  private static final String LATEST = "latest";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,64}");

  private final Supplier<CatalogView> views;
  private final HostNames hosts;

  public SnapshotNames(Supplier<CatalogView> views, HostNames hosts) {
    this.views = views;
    this.hosts = hosts;
  }

  /**
   * The snapshot that {@code text} means. SNAPSHOT_NOT_FOUND, SNAPSHOT_AMBIGUOUS naming candidates,
   * INVALID_ARGUMENT for a time that can't be read, and the errors of {@link HostNames#find}.
   */
  public StoredSnapshot resolve(String text) {
    if (text.equals(LATEST)) {
      return newestOfAll();
    }
    if (text.startsWith(LATEST + ":")) {
      return newest(text.substring(LATEST.length() + 1), Optional.empty());
    }
    int at = text.lastIndexOf('@');
    if (at > 0) {
      return newest(text.substring(0, at), Optional.of(text.substring(at + 1)));
    }
    return byId(text.toLowerCase(Locale.ROOT));
  }

  private StoredSnapshot byId(String digits) {
    if (!HEX.matcher(digits).matches()) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_NOT_FOUND,
          "'"
              + digits
              + "' names no snapshot: give the beginning of an id, latest, latest:HOST or"
              + " HOST@TIME; see them with: holdfast snapshot ls");
    }
    try (CatalogView view = views.get()) {
      List<StoredSnapshot> fitting = view.snapshots().withPrefix(digits, NAMED_LIMIT + 1);
      if (fitting.size() > 1) {
        throw ambiguous(digits, fitting);
      }
      return fitting.stream()
          .findFirst()
          .orElseThrow(() ->
              new HoldfastException(
                  ErrorCode.SNAPSHOT_NOT_FOUND,
                  "no snapshot's id begins with '"
                      + digits
                      + "'; see them with: holdfast snapshot ls"));
    }
  }

  private HoldfastException ambiguous(String digits, List<StoredSnapshot> fitting) {
    String candidates =
        fitting.stream().limit(NAMED_LIMIT).map(this::describe).collect(Collectors.joining(", "));
    return new HoldfastException(
        ErrorCode.SNAPSHOT_AMBIGUOUS,
        "'"
            + digits
            + "' begins the ids of several snapshots: "
            + candidates
            + (fitting.size() > NAMED_LIMIT ? " and more" : "")
            + "; give more digits");
  }

  private String describe(StoredSnapshot snapshot) {
    return snapshot.id().value().abbreviate(12)
        + " ("
        + hosts.name(snapshot.host())
        + " at "
        + Instant.ofEpochMilli(snapshot.timeMillis())
        + ")";
  }

  private StoredSnapshot newestOfAll() {
    try (CatalogView view = views.get()) {
      return view.fleet().hosts().stream()
          .map(EnrolledHost::id)
          .flatMap(host -> NewestSnapshot.find(view, host, Long.MAX_VALUE).stream())
          .max(Comparator.comparingLong(StoredSnapshot::seq))
          .orElseThrow(() ->
              new HoldfastException(
                  ErrorCode.SNAPSHOT_NOT_FOUND,
                  "there is no snapshot yet; run: holdfast backup HOST PATH"));
    }
  }

  private StoredSnapshot newest(String host, Optional<String> time) {
    HostId id = hosts.find(host);
    long throughMillis = time.map(SnapshotNames::parse).orElse(Long.MAX_VALUE);
    try (CatalogView view = views.get()) {
      return newestOfLine(id, throughMillis, view).orElseThrow(() -> none(id, time, view));
    }
  }

  /** Of the host, or else of the one that it replaced, and so on. */
  private static Optional<StoredSnapshot> newestOfLine(
      HostId host, long throughMillis, CatalogView view) {
    Optional<HostId> whose = Optional.of(host);
    Optional<StoredSnapshot> found = Optional.empty();
    while (whose.isPresent() && found.isEmpty()) {
      found = NewestSnapshot.find(view, whose.get(), throughMillis);
      whose = view.fleet().former(whose.get());
    }
    return found;
  }

  private HoldfastException none(HostId id, Optional<String> time, CatalogView view) {
    String oldest =
        view.snapshots().ofHost(id, 0, 1).stream()
            .findFirst()
            .map(first -> "; its oldest is of " + Instant.ofEpochMilli(first.timeMillis()))
            .orElse(
                "; it has none at all: back it up first, or name another host's by latest:HOST");
    return new HoldfastException(
        ErrorCode.SNAPSHOT_NOT_FOUND,
        "host "
            + hosts.name(id)
            + " has no snapshot"
            + time.map(text -> " from " + text + " or before").orElse("")
            + oldest);
  }

  /** The last millisecond that {@code text} means. */
  private static long parse(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text)
                  .plusDays(1)
                  .atStartOfDay(ZoneOffset.UTC)
                  .toInstant()
                  .toEpochMilli()
              - 1
          : OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "'"
              + text
              + "' is no time: write a date such as 2026-03-01 (its end, in UTC), or a time with"
              + " its offset such as 2026-03-01T06:00:00Z or 2026-03-01T07:00:00+01:00",
          e);
    }
  }
}
