package io.holdfast.deploy.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The root of the command line, and the map of everything below it. */
@Command(name = "holdfast", synopsisSubcommandLabel = "COMMAND")
final class HoldfastCommand extends Group {
  private static final int USAGE_COLUMNS = 100;

  /** In the order of the help. */
  private static final List<String> COMMANDS =
      List.of(
          "status",
          "backup",
          "restore",
          "verify",
          "recover",
          "snapshot",
          "job",
          "policy",
          "retention",
          "hold",
          "gc",
          "postgres",
          "mariadb",
          "notify",
          "host",
          "token",
          "user",
          "approval",
          "audit",
          "whoami",
          "vault",
          "key",
          "catalog",
          "clock",
          "init",
          "coordinator",
          "agent",
          "config",
          "simulate",
          "completion",
          "help");

  private static final Set<String> WANT_ALL = Set.of("completion", "help");

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
    for (String name : wanted(arguments)) {
      add(name, root, options);
    }
    unify(root);
    dress(root, options, arguments);
    return root;
  }

  /**
   * The command that {@code arguments} name, or all of them: help, completions and a slip of the
   * pen need those, and describing all to picocli takes longer than most commands run.
   */
  private static List<String> wanted(String... arguments) {
    String first = firstWord(arguments);
    boolean alone = COMMANDS.contains(first) && !WANT_ALL.contains(first);
    return alone ? List.of(first) : COMMANDS;
  }

  /** The first argument that is neither an option nor the value of one; empty if there is none. */
  private static String firstWord(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (GlobalOptions.WITH_VALUES.contains(arguments[i])) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return arguments[i];
      }
    }
    return "";
  }

  private static void add(String name, CommandLine root, GlobalOptions options) {
    switch (name) {
      case "status" -> root.addSubcommand(new StatusCommand(options));
      case "backup" -> root.addSubcommand(new BackupCommand(options));
      case "restore" -> root.addSubcommand(new RestoreCommand(options));
      case "verify" -> root.addSubcommand(new VerifyCommand(options));
      case "recover" -> root.addSubcommand(new RecoverCommand(options));
      case "snapshot" ->
          group(root, name, "List snapshots, look into them, delete them and have them back.")
              .addSubcommand(new SnapshotListCommand(options))
              .addSubcommand(new SnapshotShowCommand(options))
              .addSubcommand(new SnapshotFilesCommand(options))
              .addSubcommand(new SnapshotFindCommand(options))
              .addSubcommand(new SnapshotDiffCommand(options))
              .addSubcommand(new SnapshotDeleteCommand(options))
              .addSubcommand(new SnapshotUndeleteCommand(options));
      case "job" ->
          group(root, name, "List, watch and cancel jobs.")
              .addSubcommand(new JobListCommand(options))
              .addSubcommand(new JobShowCommand(options))
              .addSubcommand(new JobWatchCommand(options))
              .addSubcommand(new JobLogsCommand(options))
              .addSubcommand(new JobCancelCommand(options));
      case "policy" ->
          group(root, name, "Say what is protected, when, and how long it is kept.")
              .addSubcommand(new PolicyApplyCommand(options))
              .addSubcommand(new PolicyDiffCommand(options))
              .addSubcommand(new PolicyPreviewCommand(options))
              .addSubcommand(new PolicyListCommand(options))
              .addSubcommand(new PolicyShowCommand(options))
              .addSubcommand(new PolicyDeleteCommand(options))
              .addSubcommand(new PolicyExampleCommand(options));
      case "retention" ->
          group(root, name, "See what is kept and why, let snapshots go.")
              .addSubcommand(new RetentionPlanCommand(options))
              .addSubcommand(new RetentionRunCommand(options))
              .addSubcommand(new RetentionApproveCommand(options));
      case "hold" ->
          group(root, name, "Keep snapshots from deletion, whatever rules and people say.")
              .addSubcommand(new HoldSetCommand(options))
              .addSubcommand(new HoldListCommand(options))
              .addSubcommand(new HoldReleaseCommand(options));
      case "gc" ->
          group(root, name, "See and reclaim what nothing in the vault references any more.")
              .addSubcommand(new GcPlanCommand(options))
              .addSubcommand(new GcRunCommand(options))
              .addSubcommand(new GcStatusCommand(options))
              .addSubcommand(new GcApproveCommand(options));
      case "postgres" ->
          group(root, name, "Back up PostgreSQL clusters, and make restored ones ready.")
              .addSubcommand(new PostgresBackupCommand(options))
              .addSubcommand(new PostgresPrepareCommand(options));
      case "mariadb" ->
          group(root, name, "Back up MariaDB servers.")
              .addSubcommand(new MariaDbBackupCommand(options));
      case "notify" ->
          group(root, name, "Tell people what is wrong.")
              .addSubcommand(new NotifyTestCommand(options));
      case "host" ->
          group(root, name, "List the fleet's hosts, and change what is theirs to be.")
              .addSubcommand(new HostListCommand(options))
              .addSubcommand(new HostLabelCommand(options))
              .addSubcommand(new HostFactsCommand(options))
              .addSubcommand(new HostRenameCommand(options))
              .addSubcommand(new HostDecommissionCommand(options))
              .addSubcommand(new HostReplaceCommand(options))
              .addSubcommand(new HostMoveCommand(options))
              .addSubcommand(new HostEraseCommand(options))
              .addSubcommand(new HostQuotaCommand(options))
              .addSubcommand(new HostRevokeCommand(options));
      case "token" ->
          group(root, name, "Make tokens with which hosts enrol.")
              .addSubcommand(new TokenCreateCommand(options));
      case "user" -> {
        CommandLine users =
            group(root, name, "Say who may act here, and make their tokens.")
                .addSubcommand(new UserAddCommand(options))
                .addSubcommand(new UserListCommand(options))
                .addSubcommand(new UserRoleCommand(options))
                .addSubcommand(new UserRemoveCommand(options));
        group(users, "token", "Make, list and revoke the tokens by which people call.")
            .addSubcommand(new UserTokenCreateCommand(options))
            .addSubcommand(new UserTokenListCommand(options))
            .addSubcommand(new UserTokenRevokeCommand(options));
      }
      case "approval" ->
          group(root, name, "Be the second person for what needs one.")
              .addSubcommand(new ApprovalListCommand(options))
              .addSubcommand(new ApprovalShowCommand(options))
              .addSubcommand(new ApprovalGiveCommand(options))
              .addSubcommand(new ApprovalRefuseCommand(options))
              .addSubcommand(new ApprovalRuleCommand(options));
      case "audit" ->
          group(root, name, "Look up who did what, and whether that is whole.")
              .addSubcommand(new AuditListCommand(options))
              .addSubcommand(new AuditVerifyCommand(options))
              .addSubcommand(new AuditExportCommand(options));
      case "whoami" -> root.addSubcommand(new WhoAmICommand(options));
      case "vault" ->
          group(root, name, "Look at the vault.")
              .addSubcommand(new VaultStatsCommand(options))
              .addSubcommand(new VaultPacksCommand(options));
      case "key" -> {
        CommandLine keys =
            group(root, name, "Keep, bring back and replace the repository's keys.")
                .addSubcommand(new KeyExportCommand(options))
                .addSubcommand(new KeyImportCommand(options))
                .addSubcommand(new KeyPassphraseCommand(options))
                .addSubcommand(new KeyRootsCommand(options));
        group(keys, "rotate", "Replace keys; what was made with the old ones stays readable.")
            .addSubcommand(new KeyRotateIdsCommand(options))
            .addSubcommand(new KeyRotateIssuingCaCommand(options))
            .addSubcommand(new KeyRotateRootCommand(options))
            .addSubcommand(new KeyRotateMasterCommand(options));
      }
      case "catalog" ->
          group(root, name, "Rebuild or secure the catalog.")
              .addSubcommand(new CatalogRebuildCommand(options))
              .addSubcommand(new CatalogCheckpointCommand(options));
      case "clock" ->
          group(root, name, "The clock by which snapshots expire.")
              .addSubcommand(new ClockShowCommand(options))
              .addSubcommand(new ClockConfirmCommand(options));
      case "init" -> root.addSubcommand(new InitCommand(options));
      case "coordinator" ->
          group(root, name, "Run a coordinator, and let its jobs end before it is stopped.")
              .addSubcommand(new CoordinatorRunCommand(options))
              .addSubcommand(new CoordinatorDrainCommand(options));
      case "agent" ->
          group(root, name, "Enrol and run this host's agent.")
              .addSubcommand(new AgentEnrolCommand(options))
              .addSubcommand(new AgentRunCommand(options))
              .addSubcommand(new AgentConsentCommand(options))
              .addSubcommand(new AgentMoveCommand(options))
              .addSubcommand(new AgentSnapshotsCommand(options))
              .addSubcommand(new AgentRestoreCommand(options));
      case "config" ->
          group(root, name, "Show configuration.")
              .addSubcommand(new ConfigShowCommand(options))
              .addSubcommand(new ConfigExampleCommand(options));
      case "simulate" ->
          group(root, name, "Try out what a coordinator bears.")
              .addSubcommand(new SimulateFleetCommand(options));
      case "completion" -> root.addSubcommand(new CompletionCommand(options.shell()));
      case "help" -> root.addSubcommand(new HelpCommand(options.shell()));
      default -> throw new IllegalArgumentException("no command is called " + name);
    }
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
