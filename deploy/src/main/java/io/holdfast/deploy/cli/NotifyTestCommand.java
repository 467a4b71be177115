package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.TestedChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;

@Command(
    name = "test",
    description = {
      "Send a test over every channel that notifications go over.",
      "Exit codes: 0 all took it, 1 one didn't, 2 none is configured."
    })
final class NotifyTestCommand extends AdminCommand {
  NotifyTestCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    AtomicBoolean failed = new AtomicBoolean();
    try (Rows rows = output.rows("channel", List.of("channel", "target", "result"))) {
      link.testNotifications(tested -> {
        rows.add(fields(tested));
        failed.compareAndSet(false, tested.hasError());
      });
    }
    return failed.get() ? ExitCode.FAILED : ExitCode.OK;
  }

  private static Fields fields(TestedChannel tested) {
    Fields fields =
        new Fields()
            .text("channel", tested.getChannel())
            .text("target", tested.getTarget())
            .text("result", tested.hasError() ? "FAILED: " + tested.getError().getMessage() : "ok");
    return tested.hasError() ? fields.count("error_number", tested.getError().getCode()) : fields;
  }
}
