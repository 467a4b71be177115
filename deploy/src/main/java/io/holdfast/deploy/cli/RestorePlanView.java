package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.RestorePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a restore is about to write, said before it begins. */
final class RestorePlanView {
  private static final long MILLIS = 1_000;

  private RestorePlanView() {}

  static void show(RestorePlan plan, Target target, Output output) {
    if (output.isJson()) {
      output.json("restore_plan", fields(plan));
      return;
    }
    output.note(
        "restoring from snapshot %s of %s, %s: %s, %s to %s"
            .formatted(
                PeopleText.shortId(plan.getSnapshot()),
                SafeText.of(plan.getSnapshotHost()),
                output.people().time(Instant.ofEpochMilli(plan.getSnapshotMillis())),
                PeopleText.count(plan.getFiles(), "file"),
                new DataSize(plan.getBytes()),
                target.shown()));
    estimate(plan)
        .ifPresentOrElse(
            time ->
                output.note(
                    "  about %s, at the %s of the last %s%s"
                        .formatted(
                            Durations.rounded(time),
                            new DataRate(plan.getMeasuredRate()),
                            PeopleText.count(plan.getMeasuredRestores(), "restore"),
                            plan.getMeasuredHere() ? " to this host" : ", to other hosts")),
            () ->
                output.note(
                    "  how long that takes is not known: no restore was large enough yet to be"
                        + " measured"));
    if (plan.getSelectionUnknown()) {
      output.note(
          "  of these only what was chosen: the repository is private, so the host finds out"
              + " which");
    }
    if (plan.getNeedsGrant()) {
      output.note("  it is another host's: the grant is recorded in the audit");
    }
    for (ByteString path : plan.getMissingList()) {
      output.warning("the snapshot holds no " + SafeText.of(path));
    }
  }

  private static Optional<Duration> estimate(RestorePlan plan) {
    return plan.getMeasuredRate() == 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(plan.getBytes() * MILLIS / plan.getMeasuredRate()));
  }

  private static Fields fields(RestorePlan plan) {
    Fields fields =
        new Fields()
            .id("snapshot", plan.getSnapshot())
            .text("host", plan.getSnapshotHost())
            .time("time", plan.getSnapshotMillis())
            .count("files", plan.getFiles())
            .count("directories", plan.getDirectories())
            .size("bytes", plan.getBytes())
            .names("missing", plan.getMissingList())
            .flag("needs_grant", plan.getNeedsGrant())
            .flag("needs_passphrase", plan.getSealedKeysNeeded())
            .flag("selection_unknown", plan.getSelectionUnknown())
            .flag("connected", plan.getConnected());
    estimate(plan).ifPresent(time -> fields.duration("seconds_estimated", time));
    return fields;
  }
}
