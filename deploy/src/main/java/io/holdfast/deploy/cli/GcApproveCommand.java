package io.holdfast.deploy.cli;

import io.holdfast.common.unit.DataSize;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ApproveSweepAnswer;
import io.holdfast.proto.wire.v1.ApproveSweepRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description = {
      "Let the next sweeps condemn so many bytes though that is more than a fifth of what is"
          + " stored. See them first by `holdfast gc plan`.",
      "An amount is approved: if more has become garbage by then, it waits again."
    })
final class GcApproveCommand extends AdminCommand {
  @Parameters(
      paramLabel = "BYTES",
      converter = SizeOption.class,
      description = "Bytes, or a size such as 40GiB.")
  private DataSize bytes;

  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "7d",
      converter = DurationOption.class,
      description = "How long this holds (default: ${DEFAULT-VALUE}).")
  private Duration valid;

  GcApproveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ApproveSweepAnswer answer =
        link.approveSweep(
            ApproveSweepRequest.newBuilder()
                .setBytes(bytes.bytes())
                .setValidSeconds(valid.toSeconds())
                .build());
    output.result(
        "approval",
        new Fields()
            .size("bytes", bytes.bytes())
            .time("valid_until", answer.getValidUntilMillis()));
    return ExitCode.OK;
  }
}
