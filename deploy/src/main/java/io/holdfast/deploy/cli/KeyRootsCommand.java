package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostWithoutRoot;
import io.holdfast.proto.wire.v1.ListRootsAnswer;
import io.holdfast.proto.wire.v1.Root;
import io.holdfast.proto.wire.v1.RootState;
import picocli.CommandLine.Command;

@Command(
    name = "roots",
    description =
        "List the fleet's roots, the first one first, and the hosts that don't have the newest one"
            + " yet.")
final class KeyRootsCommand extends AdminCommand {
  KeyRootsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ListRootsAnswer answer = link.keys().listRoots();
    for (Root root : answer.getRootsList()) {
      output.result(
          "root",
          new Fields()
              .id("sha256", root.getSha256())
              .text(
                  "state", root.getState() == RootState.ROOT_STATE_RETIRED ? "retired" : "believed")
              .flag("issues", root.getIssues())
              .time("expires", root.getExpiresMillis()));
    }
    for (HostWithoutRoot host : answer.getLackingList()) {
      output.result(
          "host_without_root",
          new Fields()
              .id("host", host.getHost())
              .text("name", host.getName())
              .flag("connected", host.getConnected())
              .flag("moved", host.getMoved()));
    }
    output.note(
        answer.getHostsLacking() == 0
            ? "Every host has the newest root."
            : answer.getHostsLacking() + " hosts don't have the newest root yet.");
    return ExitCode.OK;
  }
}
