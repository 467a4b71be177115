package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "cancel",
    description = {
      "Ask a job's host to stop. What a backup has sent stays, and the next one goes on from"
          + " there.",
      "A job that has ended is left as it is."
    })
final class JobCancelCommand extends AdminCommand {
  @Parameters(paramLabel = "JOB", description = "Its id or the beginning of that.")
  private String name;

  JobCancelCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    Job job = link.job(name);
    if (!JobFields.isOpen(job)) {
      output.warning("the job has ended already: see `holdfast job show " + name + "`");
      return ExitCode.OK;
    }
    link.cancelJob(job.getJob());
    output.result("cancelled", new Fields().id("cancelled", job.getJob()));
    return ExitCode.OK;
  }
}
