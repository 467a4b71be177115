package io.holdfast.deploy.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The root of the command line, and the map of everything below it. */
@Command(name = "holdfast", synopsisSubcommandLabel = "COMMAND")
final class HoldfastCommand extends Group {
  private static final int USAGE_COLUMNS = 100;

  /** The whole command line, to be executed once with the same {@code arguments}. */
  static CommandLine build(Shell shell, String... arguments) {
    GlobalOptions options = new GlobalOptions(shell);
    CommandLine root = new CommandLine(new HoldfastCommand());
    root.getCommandSpec().addMixin("global", CommandSpec.forAnnotatedObject(options));
    describe(root, "Backup and disaster recovery for whole fleets of hosts.");
    root.getCommandSpec()
        .usageMessage()
        .footer(
            "",
            "`holdfast help COMMAND` explains a command; `holdfast help exit-codes`,",
            "`holdfast help environment` and `holdfast help files` explain what they say.");
    addCommonPath(root, options);
    addObjects(root, options);
    addServices(root, options);
    root.addSubcommand(new CompletionCommand(shell)).addSubcommand(new HelpCommand(shell));
    unify(root);
    dress(root, options, arguments);
    return root;
  }

  private static void addCommonPath(CommandLine root, GlobalOptions options) {
    root.addSubcommand(new StatusCommand(options))
        .addSubcommand(new BackupCommand(options))
        .addSubcommand(new RestoreCommand(options))
        .addSubcommand(new VerifyCommand(options))
        .addSubcommand(new RecoverCommand(options));
  }

  private static void addObjects(CommandLine root, GlobalOptions options) {
    group(root, "snapshot", "List snapshots and look into them.")
        .addSubcommand(new SnapshotListCommand(options))
        .addSubcommand(new SnapshotShowCommand(options))
        .addSubcommand(new SnapshotFilesCommand(options))
        .addSubcommand(new SnapshotFindCommand(options))
        .addSubcommand(new SnapshotDiffCommand(options));
    group(root, "host", "List the fleet's hosts, and revoke one.")
        .addSubcommand(new HostListCommand(options))
        .addSubcommand(new HostRevokeCommand(options));
    group(root, "token", "Make tokens with which hosts enrol.")
        .addSubcommand(new TokenCreateCommand(options));
    group(root, "vault", "Look at the vault.").addSubcommand(new VaultStatsCommand(options));
    group(root, "key", "Keep and bring back the repository's keys.")
        .addSubcommand(new KeyExportCommand(options))
        .addSubcommand(new KeyImportCommand(options));
    group(root, "catalog", "Rebuild or secure the catalog.")
        .addSubcommand(new CatalogRebuildCommand(options))
        .addSubcommand(new CatalogCheckpointCommand(options));
  }

  private static void addServices(CommandLine root, GlobalOptions options) {
    root.addSubcommand(new InitCommand(options));
    group(root, "coordinator", "Run a coordinator.")
        .addSubcommand(new CoordinatorRunCommand(options));
    group(root, "agent", "Enrol and run this host's agent.")
        .addSubcommand(new AgentEnrolCommand(options))
        .addSubcommand(new AgentRunCommand(options));
    group(root, "config", "Show configuration.")
        .addSubcommand(new ConfigShowCommand(options))
        .addSubcommand(new ConfigExampleCommand(options));
  }

  /** Parents before children: only so do the children inherit the global options. */
  private static CommandLine group(CommandLine root, String name, String description) {
    root.addSubcommand(name, new Group());
    CommandLine group = root.getSubcommands().get(name);
    describe(group, description);
    return group;
  }

  private static void describe(CommandLine command, String description) {
    command.getCommandSpec().usageMessage().description(description);
  }

  /** What every command has; picocli doesn't hand it down to commands added one by one. */
  private static void unify(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.mixinStandardHelpOptions(true).versionProvider(new Version());
    spec.usageMessage().sortOptions(false).width(USAGE_COLUMNS);
    command.getSubcommands().values().forEach(HoldfastCommand::unify);
  }

  private static void dress(CommandLine root, GlobalOptions options, String... arguments) {
    Shell shell = options.shell();
    ErrorReport report = new ErrorReport(options, List.of(arguments).contains("--json"));
    root.setParameterExceptionHandler(report);
    root.setExecutionExceptionHandler(report);
    root.setExecutionStrategy(parsed -> {
      Logs.forCommand(options.verbosity());
      return new CommandLine.RunLast().execute(parsed);
    });
    root.setOut(writer(shell.out()));
    root.setErr(writer(shell.err()));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    boolean plain =
        shell.environment().find("NO_COLOR").isPresent()
            || List.of(arguments).contains("--no-color");
    root.setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.AUTO));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
