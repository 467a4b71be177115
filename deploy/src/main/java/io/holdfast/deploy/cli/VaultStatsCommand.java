package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.HostSpace;
import io.holdfast.proto.wire.v1.SpaceByHost;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "stats",
    description = {
      "Show what the vault holds and how much deduplication saves; and, as the last sweep measured"
          + " it, how much several hosts share and what each of them alone holds.",
      "Oldest reading says which pack was read from end to end longest ago; last checked and last"
          + " proven, when everything was verified without a fault: by which coordinator, and in"
          + " which record of the journal it said so."
    })
final class VaultStatsCommand extends AdminCommand {
  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "10",
      description = "Name the hosts that alone hold most, so many (default: ${DEFAULT-VALUE}).")
  private int hosts;

  VaultStatsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("vault_stats", fields(link.vaultStats()));
    return ExitCode.OK;
  }

  private Fields fields(VaultStatsAnswer stats) {
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
    if (stats.hasSpace()) {
      addSpace(stats.getSpace(), fields);
    }
    return fields;
  }

  /** What was live when it was measured: own, shared and unreferenced bytes. */
  private void addSpace(SpaceByHost space, Fields fields) {
    int named = Math.min(Math.max(hosts, 0), space.getHostsCount());
    List<HostSpace> others = space.getHostsList().subList(named, space.getHostsCount());
    long namedBytes = ownBytes(space.getHostsList().subList(0, named));
    long otherBytes = ownBytes(others) + space.getOtherOwnBytes();
    fields
        .time("measured", space.getMeasuredMillis())
        .size("measured_live_bytes", space.getLiveBytes())
        .size("own_bytes", namedBytes + otherBytes)
        .size("shared_bytes", space.getSharedBytes())
        .size("unreferenced_bytes", space.getUnreferencedBytes())
        .groups(
            "own_by_host",
            space.getHostsList().stream().limit(named).map(VaultStatsCommand::fields).toList())
        .count("other_hosts", others.size() + space.getOtherHosts())
        .size("other_own_bytes", otherBytes);
  }

  private static long ownBytes(List<HostSpace> hosts) {
    return hosts.stream().mapToLong(HostSpace::getOwnBytes).sum();
  }

  private static Fields fields(HostSpace host) {
    return new Fields()
        .text("name", host.getName())
        .id("host", host.getHost())
        .size("own_bytes", host.getOwnBytes());
  }
}
