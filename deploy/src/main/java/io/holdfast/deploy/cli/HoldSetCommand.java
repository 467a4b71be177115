package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = "Keep snapshots from retention and from deletion until the hold is released.")
final class HoldSetCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "What the hold is called.")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "SNAPSHOT",
      description = SnapshotName.DESCRIPTION)
  private List<String> snapshots;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for those who come across it later.")
  private String reason;

  HoldSetCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    SetHoldRequest request =
        SetHoldRequest.newBuilder()
            .setName(name)
            .setReason(reason)
            .addAllSnapshots(snapshots.stream().map(this::named).toList())
            .build();
    output.result("hold", HoldViews.fields(link.setHold(request)));
    return ExitCode.OK;
  }
}
