package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostChanged;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "decommission",
    description = {
      "Take a host out of service for good: it is locked out, and missed by nobody. Its snapshots"
          + " stay and can be restored."
    })
final class HostDecommissionCommand extends AdminCommand {
  @Parameters(paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  HostDecommissionCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    HostChanged changed = link.decommissionHost(host);
    output.result(
        "host_decommissioned",
        new Fields().id("host", changed.getHost()).text("name", changed.getName()));
    return ExitCode.OK;
  }
}
