package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import picocli.CommandLine.Command;

@Command(
    name = "stats",
    description = {
      "Show what the vault holds and how much deduplication saves.",
      "Oldest reading says which pack was read from end to end longest ago; last checked and last"
          + " proven, when everything was verified without a fault: by which coordinator, and in"
          + " which record of the journal it said so."
    })
final class VaultStatsCommand extends AdminCommand {
  VaultStatsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("vault_stats", fields(link.vaultStats()));
    return ExitCode.OK;
  }

  private static Fields fields(VaultStatsAnswer stats) {
    Fields fields =
        new Fields()
            .text("vault", stats.getVault())
            .count("snapshots", stats.getSnapshots())
            .size("logical_bytes", stats.getLogicalBytes())
            .size("plain_bytes", stats.getPlainBytes())
            .size("stored_bytes", stats.getStoredBytes())
            .size("live_bytes", stats.getLiveBytes())
            .size("condemned_bytes", stats.getCondemnedBytes())
            .size("surplus_bytes", stats.getSurplusBytes())
            .size("overhead_bytes", stats.getOverheadBytes())
            .size("void_bytes", stats.getVoidBytes())
            .size("proven_bytes", stats.getProvenBytes())
            .size("free_bytes", stats.getFreeBytes())
            .count("packs", stats.getPacks())
            .count("chunks", stats.getChunks())
            .count("lost_chunks", stats.getLostChunks())
            .count("journal_seq", stats.getJournalSeq())
            .count("checkpoint_seq", stats.getCheckpointSeq());
    if (stats.hasOldestReading()) {
      fields
          .id("oldest_pack", stats.getOldestPack())
          .group("oldest_reading", WireViews.fields(stats.getOldestReading()));
    }
    if (stats.hasLastChecked()) {
      fields.group("last_checked", WireViews.fields(stats.getLastChecked()));
    }
    if (stats.hasLastProven()) {
      fields.group("last_proven", WireViews.fields(stats.getLastProven()));
    }
    if (stats.getLookedMillis() != 0) {
      fields
          .time("last_sweep", stats.getLookedMillis())
          .size("garbage_bytes", stats.getGarbageBytes())
          .size("unnamed_bytes", stats.getUnnamedBytes())
          .size("lost_bytes", stats.getLostBytes());
    }
    return fields;
  }
}
