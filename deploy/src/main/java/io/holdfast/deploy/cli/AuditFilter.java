package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.Durations;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What of the audit is wanted. */
final class AuditFilter {
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern SPAN = Pattern.compile("[0-9]+ ?(s|m|h|d|w).*");
  private static final Pattern LOCAL = Pattern.compile(DAY + "T[0-9:]{5,8}");

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "From then on: so long ago, such as 7d; a date or time of this machine's zone; or RFC"
              + " 3339 (default: all).")
  private String since;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Only what this one did.")
  private String actor;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "",
      description = "Only what was about this host: name, or id or its beginning.")
  private String host;

  ListAuditRequest.Builder request(Shell shell) {
    ListAuditRequest.Builder request = ListAuditRequest.newBuilder().setActor(actor).setHost(host);
    return since == null
        ? request
        : request.setSinceMillis(time(since.replace(' ', 'T'), shell).toEpochMilli());
  }

  private Instant time(String text, Shell shell) {
    try {
      if (SPAN.matcher(text).matches()) {
        return shell.time().now().minus(Durations.parse(text));
      }
      if (DAY.matcher(text).matches()) {
        return LocalDate.parse(text).atStartOfDay(shell.zone()).toInstant();
      }
      return LOCAL.matcher(text).matches()
          ? LocalDateTime.parse(text).atZone(shell.zone()).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\""
              + since
              + "\" is no time: write a span such as 7d, a date such as 2026-03-01, a time such as"
              + " '2026-03-01 06:00', or one with its offset such as 2026-03-01T06:00:00Z",
          e);
    }
  }
}
