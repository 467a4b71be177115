package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = {
      "Write the recovery kit: the wrapped master key and what else a recovery needs beside a"
          + " vault. It opens nothing without the recovery passphrase. Print it, and keep it away"
          + " from both."
    })
final class KeyExportCommand extends AdminCommand {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "New file, readable by this user only; - prints it.")
  private String file;

  KeyExportCommand(GlobalOptions options) {
    super(options);
  }

  private boolean isPrinted() {
    return file.equals("-");
  }

  @Override
  void check() {
    PrivateFile.checkAbsent(isPrinted() ? null : Path.of(file));
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    String kit = link.exportKeys();
    if (!isPrinted()) {
      PrivateFile.create(Path.of(file), kit);
      output.result("key_export", new Fields().text("kit", file));
    } else if (output.isJson()) {
      output.result("key_export", new Fields().text("text", kit));
    } else {
      kit.lines().forEach(output::line);
    }
    return ExitCode.OK;
  }
}
