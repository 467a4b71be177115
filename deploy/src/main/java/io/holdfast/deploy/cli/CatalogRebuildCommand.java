package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "rebuild",
    description = {
      "Drop the catalog and fill it anew from the vault. Nothing in the vault changes. The"
          + " coordinator must not be running."
    })
final class CatalogRebuildCommand extends LocalCommand {
  CatalogRebuildCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    var report = local.rebuildCatalog(options().coordinatorConfig(List.of()).value());
    output.result(
        "catalog_rebuild",
        new Fields()
            .count("journal_seq", report.journalSeq())
            .count("snapshots", report.snapshots())
            .count("packs", report.packs()));
    return ExitCode.OK;
  }
}
