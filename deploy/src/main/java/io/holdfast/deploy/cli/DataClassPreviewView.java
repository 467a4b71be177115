package io.holdfast.deploy.cli;

import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.Rows;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.KeptBy;
import io.holdfast.proto.wire.v1.RestoreForecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What would become of the snapshots of data classes, and of their promises. */
final class DataClassPreviewView {
  private static final List<String> COLUMNS =
      List.of(
          "host",
          "policy",
          "data_class",
          "snapshots",
          "kept",
          "kept_by",
          "going",
          "oldest_going",
          "newest_going",
          "restore");

  private DataClassPreviewView() {}

  /**
   * Prints all that {@code previews} hands over: for programs a line each, for people a table, and
   * what is wrong below it, each thing once.
   *
   * @param limit how many there are at most
   */
  static void show(Consumer<Consumer<DataClassPreview>> previews, int limit, Output output) {
    if (output.isJson()) {
      previews.accept(each -> output.json("data_class_preview", fields(each)));
      return;
    }
    Set<String> warnings = new LinkedHashSet<>();
    List<DataClassPreview> unfit = new ArrayList<>();
    int[] shown = {0};
    try (Rows rows = output.rows("data_class_preview", COLUMNS)) {
      previews.accept(each -> {
        if (each.getHost().isEmpty()) {
          unfit.add(each);
          return;
        }
        if (shown[0]++ == 0) {
          output.line("");
        }
        rows.add(cells(each));
        warnings.addAll(each.getBrokenPromisesList());
        String frozen = "nothing of host " + each.getHostName() + " expires: ";
        each.getBrakesList().forEach(brake -> warnings.add(frozen + brake));
      });
    }
    if (shown[0] + unfit.size() == 0) {
      output.note("No policy is for these hosts: all that they have is kept.");
    }
    if (limit > 0 && shown[0] + unfit.size() >= limit) {
      output.note("These are the first " + PeopleText.count(limit) + ": see more by --limit.");
    }
    unfit.forEach(each ->
        warnings.add("policy " + each.getPolicy() + " fits none of the hosts that are looked at"));
    warnings.forEach(warning -> output.warning(SafeText.of(warning)));
  }

  /** Of the table, where few words have to do. */
  private static Fields cells(DataClassPreview preview) {
    Fields cells = counts(preview);
    if (preview.getSnapshots() == 0) {
      long back = preview.getComingBack();
      cells.text("kept_by", back == 0 ? "no snapshot yet" : back + " would come back");
    }
    return preview.hasRestore() ? cells.text("restore", words(preview.getRestore())) : cells;
  }

  private static Fields fields(DataClassPreview preview) {
    if (preview.getHost().isEmpty()) {
      return new Fields().text("policy", preview.getPolicy()).flag("fits_no_host", true);
    }
    Fields fields =
        counts(preview)
            .count("braked", preview.getBraked())
            .count("coming_back", preview.getComingBack())
            .texts("judged_with", preview.getJudgedWithList())
            .texts("brakes", preview.getBrakesList())
            .texts("broken_promises", preview.getBrokenPromisesList());
    return preview.hasRestore() ? fields.group("restore", fields(preview.getRestore())) : fields;
  }

  private static Fields counts(DataClassPreview preview) {
    Fields rules = new Fields();
    for (KeptBy each : preview.getKeptByList()) {
      rules.count(each.getRule(), each.getSnapshots());
    }
    return new Fields()
        .text("host", preview.getHostName())
        .id("host_id", preview.getHost())
        .text("policy", preview.getPolicy())
        .text("data_class", preview.getDataClass())
        .count("snapshots", preview.getSnapshots())
        .count("kept", preview.getKept())
        .group("kept_by", rules)
        .count("going", preview.getGoing())
        .time("oldest_going", preview.getOldestGoingMillis())
        .time("newest_going", preview.getNewestGoingMillis());
  }

  private static Fields fields(RestoreForecast restore) {
    Fields fields = new Fields().duration("rto_seconds", Duration.ofMillis(restore.getRtoMillis()));
    if (!restore.getSnapshot().isEmpty()) {
      fields.id("snapshot", restore.getSnapshot()).size("bytes", restore.getBytes());
    }
    if (restore.getMeasuredRate() != 0) {
      fields
          .size("measured_rate", restore.getMeasuredRate())
          .count("measured_restores", restore.getMeasuredRestores())
          .flag("measured_here", restore.getMeasuredHere());
    }
    return isKnown(restore)
        ? fields.duration("seconds_estimated", Duration.ofMillis(restore.getTakesMillis()))
        : fields;
  }

  private static String words(RestoreForecast restore) {
    String rto = Durations.exact(Duration.ofMillis(restore.getRtoMillis()));
    if (isKnown(restore)) {
      return Durations.rounded(Duration.ofMillis(restore.getTakesMillis())) + ", rto " + rto;
    }
    return (restore.getSnapshot().isEmpty() ? "no good snapshot yet" : "not measured yet")
        + ", rto "
        + rto;
  }

  private static boolean isKnown(RestoreForecast restore) {
    return !restore.getSnapshot().isEmpty() && restore.getMeasuredRate() != 0;
  }
}
