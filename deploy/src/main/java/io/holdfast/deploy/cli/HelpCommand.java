package io.holdfast.deploy.cli;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Explain a command, or exit-codes, environment or files.")
final class HelpCommand implements Callable<Integer> {
  static final String ENVIRONMENT =
      """
      HOLDFAST_CONFIG             configuration file, unless --config names one
      HOLDFAST_SOCKET             the coordinator's admin socket, unless --socket names one
      HOLDFAST_COORDINATOR        a coordinator elsewhere, unless --coordinator names one
      HOLDFAST_ACCESS_TOKEN_FILE  file with your access token for it, unless --token-file names one
      HOLDFAST_CA_FILE            the fleet's root certificate, unless --ca names one
      HOLDFAST_PASSPHRASE_FILE    file with the recovery passphrase, unless --passphrase-file names one
      HOLDFAST_TOKEN_FILE         file with an enrolment token, unless --token-file names one
      HOLDFAST_LOG_LEVEL          error, warn, info or debug: what services log
      HOLDFAST_JAVA_OPTS          more options for the Java virtual machine, after the launcher's own
      JAVA_HOME                   the Java 25 (or newer) to run on, if it isn't found by itself
      NO_COLOR                    any value: no colours
      Configuration files may name any variable as ${NAME}. Secrets come in by files only.\
      """;

  static final String FILES =
      """
      /etc/holdfast/coordinator.yaml  the coordinator's configuration
      /etc/holdfast/agent.yaml        the agent's configuration
      /var/lib/holdfast/coordinator   the coordinator's keys, and its catalog (a cache of the vault)
      /var/lib/holdfast/agent         the agent's key, certificate, receipts and page cache
      /run/holdfast/coordinator.sock  where commands on the coordinator's own machine arrive
      ~/.config/holdfast/client.yaml  which coordinator elsewhere to call, and your access token
      port 7443                       agents connect to the coordinator here, by mutual TLS
      port 7444, loopback only        /metrics, /healthz and /readyz of the coordinator
      `holdfast config example coordinator` (or agent) prints every key and its default.\
      """;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command, or a topic.")
  private List<String> words = List.of();

  @Spec private CommandSpec spec;

  private final Shell shell;

  HelpCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    switch (String.join(" ", words)) {
      case "exit-codes" -> shell.out().println(exitCodes());
      case "environment" -> shell.out().println(ENVIRONMENT);
      case "files" -> shell.out().println(FILES);
      default -> named().usage(shell.out(), spec.root().commandLine().getColorScheme());
    }
    return ExitCode.OK.number();
  }

  /** The table of exit codes, one a line. */
  static String exitCodes() {
    return Arrays.stream(ExitCode.values())
        .map(code -> "%4d  %s".formatted(code.number(), code.meaning()))
        .collect(Collectors.joining("\n"));
  }

  private CommandLine named() {
    CommandLine command = spec.root().commandLine();
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        throw new ParameterException(
            spec.commandLine(), "there is no command or topic \"" + String.join(" ", words) + "\"");
      }
      command = next;
    }
    return command;
  }
}
