package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.RunRetentionAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = {
      "Make a round of retention now, as one is made every hour anyway: what no rule keeps is"
          + " deleted, with an undo; what was deleted for longer than that is forgotten.",
      "Says why something stays that the rules would let go."
    })
final class RetentionRunCommand extends AdminCommand {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "",
      description = "Name, or id or its beginning (default: all hosts).")
  private String host;

  RetentionRunCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    RunRetentionAnswer answer = link.runRetention(host);
    output.result(
        "retention",
        new Fields()
            .count("hosts", answer.getHosts())
            .count("deleted", answer.getDeleted())
            .count("undeleted", answer.getUndeleted())
            .count("forgotten", answer.getDropped()));
    answer.getBrakesList().forEach(brake -> output.warning(SafeText.of(brake)));
    return ExitCode.OK;
  }
}
