package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = {
      "Tell what a sweep is at, how the last one ended, how much is condemned and waits to be"
          + " deleted, and how much was deleted so far."
    })
final class GcStatusCommand extends AdminCommand {
  GcStatusCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    SweepStatusAnswer answer = link.sweepStatus();
    Fields fields =
        new Fields()
            .text("phase", GcViews.phase(answer.getProgress().getPhase()))
            .time("since", answer.getProgress().getSinceMillis())
            .count("condemned_entries", answer.getCondemnedEntries())
            .size("condemned_bytes", answer.getCondemnedBytes())
            .size("surplus_bytes", answer.getSurplusBytes())
            .count("deleted_packs", answer.getDeletedPacks())
            .size("deleted_bytes", answer.getDeletedBytes());
    if (answer.hasLast()) {
      fields
          .time("last_ended", answer.getLast().getTimeMillis())
          .group("last", GcViews.fields(answer.getLast()));
    }
    output.result("gc_status", fields);
    answer.getWaitingList().forEach(line -> output.warning(SafeText.of(line)));
    return ExitCode.OK;
  }
}
