package io.holdfast.deploy.cli;

import io.holdfast.deploy.cli.LocalOperations.RunningNode;

/** A service from its start to its end by itself or by a signal. */
final class ServiceRun {
  private ServiceRun() {}

  static ExitCode await(RunningNode node, Shell shell) throws InterruptedException {
    try (node;
        var _ = shell.interrupts().onInterrupt(node::close)) {
      node.awaitEnd();
    }
    return ExitCode.OK;
  }
}
