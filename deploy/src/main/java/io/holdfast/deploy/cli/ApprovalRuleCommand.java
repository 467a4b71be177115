package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ActKind;
import io.holdfast.proto.wire.v1.ApprovalRule;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rule",
    description = {
      "Show, or change, for what the fleet wants a second person: restore-to-another-host,"
          + " key-export, host-revoke, policy-shortening, snapshot-delete, hold-release,"
          + " host-erase, host-move; people and approval-rule follow from any of them."
    })
final class ApprovalRuleCommand extends AdminCommand {
  @Option(
      names = "--require",
      paramLabel = "KIND",
      split = ",",
      converter = PeopleWords.KindOption.class,
      description = "From now on for these, and no others; separated by commas.")
  private List<ActKind> kinds;

  @Option(names = "--require-all", description = "From now on for all of them.")
  private boolean all;

  @Option(names = "--require-none", description = "From now on for none.")
  private boolean none;

  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "1d",
      converter = DurationOption.class,
      description = "How long a request can be given (default: ${DEFAULT-VALUE}).")
  private Duration valid;

  ApprovalRuleCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if ((kinds == null ? 0 : 1) + (all ? 1 : 0) + (none ? 1 : 0) > 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "--require, --require-all and --require-none contradict each other: pass one of them");
    }
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    boolean asked = kinds != null || all || none;
    ApprovalRule rule = asked ? link.people().setRule(wanted()) : link.people().rule();
    output.result("approval_rule", PeopleWords.fields(rule));
    return ExitCode.OK;
  }

  private ApprovalRule wanted() {
    List<ActKind> chosen = all ? PeopleWords.kinds() : none ? List.of() : kinds;
    return ApprovalRule.newBuilder().addAllKinds(chosen).setValidSeconds(valid.toSeconds()).build();
  }
}
