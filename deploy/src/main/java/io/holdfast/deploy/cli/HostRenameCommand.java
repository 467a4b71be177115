package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostChanged;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "rename",
    description = "Call a host something else. Its id, keys and history stay.")
final class HostRenameCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Parameters(index = "1", paramLabel = "NAME", description = "What it is called from now on.")
  private String name;

  HostRenameCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    HostChanged changed = link.renameHost(host, name);
    output.result(
        "host_renamed", new Fields().id("host", changed.getHost()).text("name", changed.getName()));
    return ExitCode.OK;
  }
}
