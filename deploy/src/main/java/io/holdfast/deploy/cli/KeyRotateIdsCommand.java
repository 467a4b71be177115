package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "ids",
    description = {
      "Begin a new generation of the keys by which hosts name and seal chunks. Hosts fetch it with"
          + " their next backup; what they change is stored under it from then on, and not"
          + " deduplicated with what was stored before.",
      "It revokes nothing that is stored: old chunks stay as they are, readable by whom they were,"
          + " and guesses about them can be tested by whoever has the old keys.",
      "Hosts of a private repository have keys of their own: name the one that is to make new ones."
          + " It is enrolled anew by itself, as another host of the same name, and its next backup"
          + " stores everything again. What it stored before stays under its former id: it is"
          + " restored on the host itself by `holdfast agent restore`, elsewhere by the recovery"
          + " passphrase. The host has to be connected, without a job."
    })
final class KeyRotateIdsCommand extends AdminCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "HOST",
      description = "Of a private repository: name, or id or its beginning.")
  private String host;

  KeyRotateIdsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    return host == null ? rotate(link, output) : renew(link, output);
  }

  private ExitCode renew(AdminLink link, Output output) {
    RotateIdsAnswer renewed = link.keys().rotateIds(host);
    boolean isDone = !renewed.getNewHost().isEmpty();
    output.result(
        isDone ? "host_renewed" : "host_renewal_ordered",
        new Fields()
            .id("host", renewed.getHost())
            .text("name", renewed.getName())
            .id("new_host", renewed.getNewHost()));
    if (!isDone) {
      output.note(
          "It was told, and has not said yet that it has new keys: `holdfast host ls` shows it. If"
              + " it stays so, run the same command again.");
    }
    return isDone ? ExitCode.OK : ExitCode.TRY_AGAIN;
  }

  private static ExitCode rotate(AdminLink link, Output output) {
    RotateIdsAnswer rotated = link.keys().rotateIds();
    output.result(
        "key_rotated",
        new Fields().count("generation", rotated.getGeneration()).text("ring", rotated.getRing()));
    return ExitCode.OK;
  }
}
