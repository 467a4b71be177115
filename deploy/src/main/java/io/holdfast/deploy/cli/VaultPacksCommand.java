package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.StoredPack;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "packs",
    description = {
      "List the vault's packs, and how far each was found good; the one that was read from end to"
          + " end longest ago first.",
      "Each says when, by which coordinator in which term, and in which record of the journal,"
          + " which that coordinator signed. Checked, proven, lost and condemned are numbers of"
          + " entries."
    })
final class VaultPacksCommand extends AdminCommand {
  private static final List<String> COLUMNS =
      List.of(
          "pack",
          "size_bytes",
          "entries",
          "checked",
          "proven",
          "lost",
          "level",
          "time",
          "coordinator",
          "term",
          "journal_seq");

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many only (default: all).")
  private int limit;

  VaultPacksCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (Rows rows = output.rows("pack", COLUMNS)) {
      link.packs(limit, pack -> rows.add(fields(pack)));
      rows.noteIfEmpty("No pack yet: make a snapshot by `holdfast backup HOST PATH`.");
    }
    return ExitCode.OK;
  }

  private static Fields fields(StoredPack pack) {
    Fields fields =
        new Fields()
            .id("pack", pack.getPack())
            .size("size_bytes", pack.getSize())
            .count("entries", pack.getEntries())
            .count("checked", pack.getChecked())
            .count("proven", pack.getProven())
            .count("lost", pack.getLost())
            .count("condemned", pack.getCondemned());
    return WireViews.addTo(fields, pack.getReading());
  }
}
