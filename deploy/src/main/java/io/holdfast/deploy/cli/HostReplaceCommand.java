package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostChanged;
import io.holdfast.proto.wire.v1.ReplaceHostRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "replace",
    description = {
      "Let a host that was enrolled anew go on where another one ended: latest:NEW and NEW@TIME"
          + " find the history of OLD, too, and OLD is decommissioned."
    })
final class HostReplaceCommand extends AdminCommand {
  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description = "The host that ended: name, or id or its beginning.")
  private String former;

  @Parameters(
      index = "1",
      paramLabel = "NEW",
      description = "The one in its place: as OLD; where both have one name, its id.")
  private String successor;

  HostReplaceCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ReplaceHostRequest request =
        ReplaceHostRequest.newBuilder().setFormer(former).setSuccessor(successor).build();
    HostChanged changed = link.replaceHost(request);
    output.result(
        "host_replaced",
        new Fields().id("host", changed.getHost()).text("name", changed.getName()));
    return ExitCode.OK;
  }
}
