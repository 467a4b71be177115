package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "erase",
    description = {
      "Erase a host's data for good: destroy the key that opens its snapshots. The host must be"
          + " decommissioned or revoked, with no job open and nothing held.",
      "It can't be undone. What it doesn't reach: other copies of the vault, keys on the host's own"
          + " disk, and chunks that other hosts share, which they go on reading."
    })
final class HostEraseCommand extends AdminCommand {
  @Parameters(paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Option(
      names = "--yes",
      paramLabel = "WORDS",
      defaultValue = "",
      description = "That it is meant: \"erase\" and the host's name, as in --yes 'erase web1'.")
  private String words;

  HostEraseCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    EraseHostAnswer erased = link.keys().eraseHost(host, words);
    output.result(
        "host_erased",
        new Fields()
            .id("host", erased.getHost())
            .text("name", erased.getName())
            .count("snapshots", erased.getSnapshots())
            .time("erased", erased.getErasedMillis()));
    output.note(
        "Nobody opens these snapshots here any more; retention lets them go. The host's own disk,"
            + " and other copies of the vault, are not reached by this.");
    return ExitCode.OK;
  }
}
