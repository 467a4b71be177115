package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import picocli.CommandLine.Command;

@Command(name = "whoami", description = "Show whom the coordinator takes you for.")
final class WhoAmICommand extends AdminCommand {
  WhoAmICommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    WhoAmIAnswer me = link.people().whoAmI();
    output.result(
        "whoami",
        new Fields()
            .text("user", me.getName())
            .text("role", PeopleWords.word(me.getRole()))
            .id("id", me.getPerson())
            .time("token_expires", me.getTokenExpiresMillis()));
    return ExitCode.OK;
  }
}
