package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.RefuseApprovalRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "refuse", description = "Refuse it; who asked takes it back so.")
final class ApprovalRefuseCommand extends AdminCommand {
  @Parameters(paramLabel = "APPROVAL", description = "Its id or the beginning of that.")
  private String approval;

  @Option(names = "--reason", paramLabel = "WORDS", defaultValue = "", description = "Why.")
  private String reason;

  ApprovalRefuseCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    RefuseApprovalRequest request =
        RefuseApprovalRequest.newBuilder().setApproval(approval).setReason(reason).build();
    output.result("approval", PeopleWords.fields(link.people().refuse(request)));
    return ExitCode.OK;
  }
}
