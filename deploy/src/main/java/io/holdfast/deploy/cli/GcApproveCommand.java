package io.holdfast.deploy.cli;

import io.holdfast.common.unit.DataSize;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.ApproveSweepAnswer;
import io.holdfast.proto.wire.v1.ApproveSweepRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description = {
      "Let the next sweeps condemn so many bytes though that is more than a fifth of what is"
          + " stored. See them first by `holdfast gc plan`.",
      "An amount is approved: if more has become garbage by then, it waits again."
    })
final class GcApproveCommand extends ApproveCommand {
  @Parameters(
      paramLabel = "BYTES",
      converter = SizeOption.class,
      description = "Bytes, or a size such as 40GiB.")
  private DataSize bytes;

  GcApproveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  Approved approve(AdminLink link, Duration valid) {
    ApproveSweepAnswer answer =
        link.approveSweep(
            ApproveSweepRequest.newBuilder()
                .setBytes(bytes.bytes())
                .setValidSeconds(valid.toSeconds())
                .build());
    return new Approved(new Fields().size("bytes", bytes.bytes()), answer.getValidUntilMillis());
  }
}
