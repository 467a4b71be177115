package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataSize;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.SetHostQuotaRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "quota",
    description = {
      "Say how much of the vault a host may fill. Beyond that nothing more is taken from it: its"
          + " backups fail, its snapshots stay and can be restored."
    })
final class HostQuotaCommand extends AdminCommand {
  private static final long UNLIMITED = -1;

  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Parameters(
      index = "1",
      paramLabel = "SIZE",
      description =
          "Such as 500GiB; `none` for no quota, `default` for what the coordinator's configuration"
              + " says (vault.host_quota).")
  private String size;

  HostQuotaCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    var _ = bytes();
  }

  private long bytes() {
    return switch (size) {
      case "none" -> UNLIMITED;
      case "default" -> 0;
      default -> some(DataSize.parse(size).bytes());
    };
  }

  private long some(long bytes) {
    if (bytes == 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a quota of 0 lets nothing in: write `none` for no quota, or revoke the host to lock it"
              + " out");
    }
    return bytes;
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    SetHostQuotaRequest request =
        SetHostQuotaRequest.newBuilder().setHost(host).setBytes(bytes()).build();
    output.result(
        "quota", new Fields().id("host", link.setHostQuota(request).getHost()).text("quota", size));
    return ExitCode.OK;
  }
}
