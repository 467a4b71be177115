package io.holdfast.coordinator.browse;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Deletion;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.journal.MutationSealer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What people call snapshots.
 *
 * <pre>
 * 3f9a21          the one whose id begins so
 * latest          the newest of all hosts
 * latest:HOST     the newest of a host, whatever its sources, except logs of databases, which restore
 *                 nothing by themselves; of the one that it replaced, if it has none itself
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
  private final NewestSnapshot newest;

  /**
   * Names.
   *
   * @param mutations opens what snapshots say of their sources
   */
  public SnapshotNames(Supplier<CatalogView> views, MutationSealer mutations, HostNames hosts) {
    this.views = views;
    this.hosts = hosts;
    this.newest = new NewestSnapshot(mutations);
  }

  /**
   * The live snapshot that {@code text} means. SNAPSHOT_NOT_FOUND, SNAPSHOT_DELETED for the id of
   * one that can be had back, SNAPSHOT_AMBIGUOUS naming candidates, INVALID_ARGUMENT for a time
   * that can't be read, and the errors of {@link HostNames#find}.
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

  /**
   * The one whose id is {@code text} or begins so, live or deleted. Errors as {@link #resolve}, and
   * of deleted ones, too.
   */
  public KeptSnapshot resolveKept(String text) {
    String digits = text.toLowerCase(Locale.ROOT);
    if (!HEX.matcher(digits).matches()) {
      return live(resolve(text));
    }
    try (CatalogView view = views.get()) {
      List<KeptSnapshot> deleted = view.snapshots().deletedWithPrefix(digits, NAMED_LIMIT + 1);
      List<StoredSnapshot> fitting =
          new ArrayList<>(view.snapshots().withPrefix(digits, NAMED_LIMIT + 1));
      deleted.forEach(kept -> fitting.add(kept.stored()));
      if (fitting.size() > 1) {
        throw ambiguous(digits, fitting);
      }
      return deleted.stream().findFirst().orElseGet(() -> live(resolve(digits)));
    }
  }

  private static KeptSnapshot live(StoredSnapshot stored) {
    return new KeptSnapshot(stored, Optional.empty(), OptionalLong.empty());
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
      return fitting.stream().findFirst().orElseThrow(() -> gone(digits, view));
    }
  }

  private HoldfastException gone(String digits, CatalogView view) {
    List<KeptSnapshot> deleted = view.snapshots().deletedWithPrefix(digits, 2);
    if (deleted.size() == 1) {
      return deleted(deleted.getFirst());
    }
    return new HoldfastException(
        ErrorCode.SNAPSHOT_NOT_FOUND,
        "no snapshot's id begins with '" + digits + "'; see them with: holdfast snapshot ls");
  }

  private HoldfastException deleted(KeptSnapshot snapshot) {
    Deletion deletion = snapshot.deletion().orElseThrow();
    return new HoldfastException(
        ErrorCode.SNAPSHOT_DELETED,
        "snapshot "
            + describe(snapshot.stored())
            + " was deleted at "
            + Instant.ofEpochMilli(deletion.timeMillis())
            + " and can be had back until "
            + Instant.ofEpochMilli(deletion.undoUntilMillis())
            + ": undelete it first, by: holdfast snapshot undelete "
            + snapshot.stored().id().value().abbreviate(12));
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
          .flatMap(host -> newest.findMeant(view, host, Long.MAX_VALUE).stream())
          .max(Comparator.comparingLong(StoredSnapshot::seq))
          .orElseThrow(() ->
              new HoldfastException(
                  ErrorCode.SNAPSHOT_NOT_FOUND,
                  "there is no snapshot yet but of logs of databases, if there are any; run:"
                      + " holdfast backup HOST PATH"));
    }
  }

  private StoredSnapshot newest(String host, Optional<String> time) {
    HostId id = hosts.find(host);
    long throughMillis = time.map(SnapshotNames::parse).orElse(Long.MAX_VALUE);
    try (CatalogView view = views.get()) {
      return newestOfLine(id, throughMillis, view)
          .orElseThrow(() -> none(id, time, throughMillis, view));
    }
  }

  /** Of the host, or else of the one that it replaced, and so on. */
  private Optional<StoredSnapshot> newestOfLine(HostId host, long throughMillis, CatalogView view) {
    Optional<HostId> whose = Optional.of(host);
    Optional<StoredSnapshot> found = Optional.empty();
    while (whose.isPresent() && found.isEmpty()) {
      found = newest.findMeant(view, whose.get(), throughMillis);
      whose = view.fleet().former(whose.get());
    }
    return found;
  }

  private HoldfastException none(
      HostId id, Optional<String> time, long throughMillis, CatalogView view) {
    Optional<StoredSnapshot> log = NewestSnapshot.find(view, id, throughMillis);
    String instead = log.map(this::onlyLogs).orElseGet(() -> oldest(id, view));
    return new HoldfastException(
        ErrorCode.SNAPSHOT_NOT_FOUND,
        "host "
            + hosts.name(id)
            + " has no snapshot"
            + time.map(text -> " from " + text + " or before").orElse("")
            + instead);
  }

  private String onlyLogs(StoredSnapshot log) {
    return " except of the log of its database, which restores nothing without a base backup: make"
        + " one, by: holdfast postgres backup "
        + hosts.name(log.host())
        + "; the log itself is restored by its id, "
        + log.id().value().abbreviate(12);
  }

  private static String oldest(HostId id, CatalogView view) {
    return view.snapshots().ofHost(id, 0, 1).stream()
        .findFirst()
        .map(first -> "; its oldest is of " + Instant.ofEpochMilli(first.timeMillis()))
        .orElse("; it has none at all: back it up first, or name another host's by latest:HOST");
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
