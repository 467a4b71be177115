package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks a coordinator: the one on this machine, or one elsewhere. */
abstract class AdminCommand implements Callable<Integer> {
  private final GlobalOptions options;

  @Mixin private RemoteOptions remote;

  AdminCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public final Integer call() {
    check();
    try (AdminLink link = options.connect(remote)) {
      return run(link, options.output()).number();
    }
  }

  /** Refuses, before anything is asked, arguments that can't be right. */
  void check() {}

  abstract ExitCode run(AdminLink link, Output output);

  /** The snapshot's name as the coordinator reads it. */
  final String named(String snapshot) {
    return SnapshotName.inUtc(snapshot, shell().zone());
  }

  final Shell shell() {
    return options.shell();
  }
}
