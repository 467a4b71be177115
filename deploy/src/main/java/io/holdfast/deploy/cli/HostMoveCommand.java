package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.MoveHostAnswer;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "move",
    description = {
      "Move a host to another repository, by a token that a coordinator there made: its next backup"
          + " is there, and its first one. What it stored here stays, and can be restored.",
      "The host's own agent.yaml has to allow it (move.allow), and it must have no job. If the"
          + " command fails or is interrupted, run it again."
    })
final class HostMoveCommand extends AdminCommand {
  private static final String OPTION = "--enrolment-token-file";

  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  /** Not --token-file, by which people show who they are. */
  @Option(
      names = OPTION,
      paramLabel = "FILE",
      description =
          "File with the other repository's enrolment token, - for standard input (default: the one"
              + " that HOLDFAST_TOKEN_FILE names).")
  private String tokenFile;

  HostMoveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    MoveHostRequest request =
        MoveHostRequest.newBuilder()
            .setHost(host)
            .setToken(TokenOption.read(OPTION, tokenFile, shell()).reveal())
            .build();
    MoveHostAnswer answer = link.moveHost(request);
    boolean isThere = answer.getMove().getMovedMillis() > 0;
    output.result(
        isThere ? "host_moved" : "host_move_ordered",
        new Fields()
            .id("host", answer.getHost())
            .text("name", answer.getName())
            .texts("coordinators", answer.getMove().getCoordinatorsList())
            .id("repository", answer.getMove().getRepository())
            .id("new_host", answer.getMove().getNewHost())
            .time("moved", answer.getMove().getMovedMillis()));
    if (!isThere) {
      output.note(
          "It was told, and has not said yet that it is there: `holdfast host ls` shows it. If it"
              + " stays so, run the same command again.");
    }
    return isThere ? ExitCode.OK : ExitCode.TRY_AGAIN;
  }
}
