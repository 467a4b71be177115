package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.LabelHostRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "label",
    description = {
      "Set, change and remove a host's labels, by which policies choose hosts: all of it, or"
          + " nothing. Without a LABEL, show what it has and which policies are for it.",
      "It tells which policies begin and end to be for the host. From then on nothing that its"
          + " agent.yaml says of labels counts."
    })
final class HostLabelCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "LABEL",
      description = "KEY=VALUE sets one, KEY- removes one.")
  private List<String> labels = List.of();

  @Option(names = "--dry-run", description = "Show what it would come to, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--yes",
      description =
          "Even if a policy ends to be for it, or snapshots may go that would have stayed.")
  private boolean confirmed;

  HostLabelCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    var _ = request();
  }

  private LabelHostRequest request() {
    LabelHostRequest.Builder request =
        LabelHostRequest.newBuilder()
            .setHost(host)
            .setDryRun(dryRun || labels.isEmpty())
            .setConfirmed(confirmed);
    labels.forEach(label -> add(label, request));
    return request.build();
  }

  private static void add(String label, LabelHostRequest.Builder request) {
    int equals = label.indexOf('=');
    if (equals > 0) {
      String key = label.substring(0, equals);
      if (request.containsSet(key)) {
        throw refuse(label, "its key is there twice");
      }
      request.putSet(key, label.substring(equals + 1));
    } else if (equals < 0 && label.length() > 1 && label.endsWith("-")) {
      request.addRemove(label.substring(0, label.length() - 1));
    } else {
      throw refuse(label, "it is neither KEY=VALUE, which sets one, nor KEY-, which removes one");
    }
  }

  private static HoldfastException refuse(String label, String why) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT, "label \"" + label + "\" can't be: " + why + "; correct it");
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    HostViews.show(link.labelHost(request()), output);
    return ExitCode.OK;
  }
}
