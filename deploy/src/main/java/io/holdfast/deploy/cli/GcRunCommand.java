package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.RunSweepEvent;
import io.holdfast.proto.wire.v1.SweepResult;
import picocli.CommandLine.Command;

@Command(
    name = "run",
    description = {
      "Sweep now, as is done every day anyway: what nothing references is condemned, what was"
          + " condemned long enough ago is deleted, and packs with little left in them are"
          + " rewritten. Backups and restores go on beside it.",
      "The sweep goes on in the coordinator if this command is interrupted. Says why something is"
          + " left that could go."
    })
final class GcRunCommand extends AdminCommand {
  private SweepResult result;

  GcRunCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell().terminal().errorColumns(), shell().time())) {
      link.runSweep(event -> take(event, display));
    }
    if (result == null) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the coordinator stopped reporting before the end: `holdfast gc status` tells how far it"
              + " is");
    }
    output.result("gc", GcViews.fields(result));
    result.getWaitingList().forEach(line -> output.warning(SafeText.of(line)));
    return ExitCode.OK;
  }

  private void take(RunSweepEvent event, ProgressDisplay display) {
    switch (event.getEventCase()) {
      case PROGRESS -> display.show(GcViews.progress(event.getProgress()));
      case RESULT -> result = event.getResult();
      case EVENT_NOT_SET -> {} // of a later version
    }
  }
}
