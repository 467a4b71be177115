package io.holdfast.deploy.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Print a script that completes holdfast's commands and options.",
      "bash: source <(holdfast completion bash); zsh: the same with zsh."
    })
final class CompletionCommand implements Runnable {
  /** Shells whose completion the one script serves; zsh by its bashcompinit. */
  enum ShellName {
    BASH,
    ZSH
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      defaultValue = "bash",
      description = "bash or zsh (default: ${DEFAULT-VALUE}).")
  private ShellName shellName;

  @Spec private CommandSpec spec;

  private final Shell shell;

  CompletionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    String script =
        switch (shellName) {
          case BASH, ZSH -> AutoComplete.bash("holdfast", spec.root().commandLine());
        };
    shell.out().println(script);
  }
}
