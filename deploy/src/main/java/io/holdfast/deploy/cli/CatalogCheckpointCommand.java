package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;

@Command(
    name = "checkpoint",
    description = "Write a checkpoint of the catalog into the vault, so that a rebuild is short.")
final class CatalogCheckpointCommand extends AdminCommand {
  CatalogCheckpointCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result(
        "checkpoint", new Fields().count("checkpoint_seq", link.writeCheckpoint().getSeq()));
    return ExitCode.OK;
  }
}
