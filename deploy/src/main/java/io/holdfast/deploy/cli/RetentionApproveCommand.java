package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.ApproveRetentionAnswer;
import io.holdfast.proto.wire.v1.ApproveRetentionRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description = {
      "Let pass what retention waits with: more than half of a host's snapshots at once, or more"
          + " unscheduled ones a day than is usual. See them first by `holdfast retention plan`.",
      "Amounts are approved: whatever is more waits again."
    })
final class RetentionApproveCommand extends ApproveCommand {
  @Parameters(paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Option(
      names = "--expiring",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many snapshots may go by one decision; used up by it.")
  private long expiring;

  @Option(
      names = "--unscheduled-per-day",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many unscheduled snapshots a day are ordinary.")
  private long unscheduledPerDay;

  RetentionApproveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  Approved approve(AdminLink link, Duration valid) {
    ApproveRetentionRequest request =
        ApproveRetentionRequest.newBuilder()
            .setHost(host)
            .setExpiring(expiring)
            .setUnscheduledPerDay(unscheduledPerDay)
            .setValidSeconds(valid.toSeconds())
            .build();
    ApproveRetentionAnswer answer = link.approveRetention(request);
    return new Approved(
        new Fields().id("approval", answer.getApproval()), answer.getValidUntilMillis());
  }
}
