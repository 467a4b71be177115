package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.OwnSnapshots;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "snapshots",
    description = {
      "List the snapshots of which this host keeps the receipt, newest first: in the repository it"
          + " is of, and in those it was moved away from."
    })
final class AgentSnapshotsCommand extends LocalCommand {
  @Mixin private AgentDataDir dataDir;

  AgentSnapshotsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, dataDir.overrides()).value();
    List<String> columns = List.of("snapshot", "time", "repository", "former", "coordinators");
    try (Rows rows = output.rows("own_snapshot", columns)) {
      local.ownSnapshots(config).forEach(own -> rows.add(fields(own)));
      rows.noteIfEmpty("No receipt yet: nothing was backed up from here.");
    }
    return ExitCode.OK;
  }

  private static Fields fields(OwnSnapshots.Own own) {
    return new Fields()
        .id("snapshot", ByteString.copyFrom(own.snapshot().toByteArray()))
        .time("time", own.kept().toEpochMilli())
        .id("repository", ByteString.copyFrom(own.host().repository().toByteArray()))
        .flag("former", own.isFormer())
        .texts("coordinators", own.host().coordinators().stream().map(Object::toString).toList());
  }
}
