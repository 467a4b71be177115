package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description = "Lock a host out for good. Its snapshots stay; to come back it enrols anew.")
final class HostRevokeCommand extends AdminCommand {
  @Parameters(paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  HostRevokeCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("revoked", new Fields().id("revoked", link.revokeHost(host).getHost()));
    return ExitCode.OK;
  }
}
