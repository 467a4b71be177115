package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import picocli.CommandLine.Command;

@Command(
    name = "ids",
    description = {
      "Begin a new generation of the keys by which hosts name and seal chunks. Hosts fetch it with"
          + " their next backup; what they change is stored under it from then on, and not"
          + " deduplicated with what was stored before.",
      "It revokes nothing that is stored: old chunks stay as they are, readable by whom they were,"
          + " and guesses about them can be tested by whoever has the old keys.",
      "Hosts of a private repository have keys of their own, and nothing is rotated there."
    })
final class KeyRotateIdsCommand extends AdminCommand {
  KeyRotateIdsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    RotateIdsAnswer rotated = link.keys().rotateIds();
    output.result(
        "key_rotated",
        new Fields().count("generation", rotated.getGeneration()).text("ring", rotated.getRing()));
    return ExitCode.OK;
  }
}
