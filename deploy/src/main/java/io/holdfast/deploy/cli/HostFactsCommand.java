package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostSorted;
import io.holdfast.proto.wire.v1.TakeHostFactsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "facts",
    description = {
      "Show what would come of it if what a host tells of itself counted, or let it count"
          + " (--take).",
      "What hosts tell when they connect counts by itself, unless stored snapshots may go by it:"
          + " then it waits for this."
    })
final class HostFactsCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Option(names = "--take", description = "Let it count.")
  private boolean take;

  @Option(
      names = "--yes",
      description =
          "Even if a policy ends to be for it, or snapshots may go that would have stayed.")
  private boolean confirmed;

  HostFactsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    TakeHostFactsRequest request =
        TakeHostFactsRequest.newBuilder()
            .setHost(host)
            .setDryRun(!take)
            .setConfirmed(confirmed)
            .build();
    HostSorted answer = link.takeHostFacts(request);
    HostViews.show(answer, output);
    if (!answer.getChanged()) {
      output.note("It tells nothing that doesn't count already.");
    }
    return ExitCode.OK;
  }
}
