package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Output;
import java.util.concurrent.Callable;

/** A command that works on this machine, without a coordinator to ask. */
abstract class LocalCommand implements Callable<Integer> {
  private final GlobalOptions options;

  LocalCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public final Integer call() throws InterruptedException {
    return run(options.shell().local(), options.output()).number();
  }

  abstract ExitCode run(LocalOperations local, Output output) throws InterruptedException;

  final GlobalOptions options() {
    return options;
  }

  final Shell shell() {
    return options.shell();
  }
}
