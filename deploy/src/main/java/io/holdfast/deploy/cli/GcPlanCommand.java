package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.PlanSweepEvent;
import io.holdfast.proto.wire.v1.SweepPlan;
import picocli.CommandLine.Command;

@Command(
    name = "plan",
    description = {
      "Follow every reference of what is kept, and tell what a sweep would do now. Changes nothing."
    })
final class GcPlanCommand extends AdminCommand {
  private SweepPlan plan;

  GcPlanCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell().terminal().errorColumns(), shell().time())) {
      link.planSweep(event -> take(event, display));
    }
    if (plan == null) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the coordinator stopped reporting before the end: look at its log, and ask again");
    }
    output.result(
        "gc_plan",
        new Fields()
            .count("garbage_entries", plan.getEntries())
            .size("garbage_bytes", plan.getBytes())
            .count("surplus_entries", plan.getSurplusEntries())
            .size("surplus_bytes", plan.getSurplusBytes())
            .count("unnamed_objects", plan.getUnnamedObjects())
            .size("unnamed_bytes", plan.getUnnamedBytes())
            .count("void_objects", plan.getVoidObjects())
            .size("void_bytes", plan.getVoidBytes())
            .count("condemned_packs", plan.getDeletablePacks())
            .size("to_delete_bytes", plan.getDeletableBytes())
            .count("sparse_packs", plan.getSparsePacks())
            .size("to_move_bytes", plan.getSparseLiveBytes()));
    plan.getWaitingList().forEach(line -> output.warning(SafeText.of(line)));
    return ExitCode.OK;
  }

  private void take(PlanSweepEvent event, ProgressDisplay display) {
    switch (event.getEventCase()) {
      case PROGRESS -> display.show(GcViews.progress(event.getProgress()));
      case PLAN -> plan = event.getPlan();
      case EVENT_NOT_SET -> {} // of a later version
    }
  }
}
