package io.holdfast.deploy.cli;

import io.holdfast.common.config.ConfigOverride;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.deploy.cli.LocalOperations.InitReport;
import io.holdfast.deploy.cli.LocalOperations.InitRequest;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "init",
    description = {
      "Make a fleet: its root certificate, the repository's keys, and the first record in an empty"
          + " vault. Where there is no configuration file yet, one is written."
    })
final class InitCommand extends LocalCommand {
  @Option(
      names = "--vault",
      paramLabel = "DIR",
      description = "Where backups will lie (default: the configuration's).")
  private Path vault;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the coordinator keeps its own files (default: the configuration's).")
  private Path dataDir;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "holdfast",
      description = "What the fleet is called (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--private",
      description = {
        "Make a private repository, for good: every host makes and keeps the keys of what it"
            + " stores, and no coordinator can open it. The README says what that costs."
      })
  private boolean isPrivate;

  @Mixin private Passphrases passphrases;

  InitCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    Path file = options().namedConfig().orElse(GlobalOptions.COORDINATOR_FILE);
    boolean written = Files.exists(file);
    if (!written && vault == null) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "where shall backups lie? Pass --vault DIR: an empty directory, on a disk of its own"
              + " (there is no configuration "
              + file
              + " that names one)");
    }
    CoordinatorConfig config =
        written ? agreeing(file) : options().withoutFile(CoordinatorConfig.class, overrides());
    InitReport report =
        local.init(new InitRequest(config, name, passphrases.fresh(shell()), isPrivate));
    show(report, config, file, output);
    if (!written) {
      write(file, config, output);
    }
    if (isPrivate) {
      output.note(
          "This repository is private: without the recovery passphrase and the kit nobody restores"
              + " what a lost host stored.");
    }
    output.note("Keep the recovery kit and the passphrase apart, and both off this machine.");
    output.note(
        "Keep a copy of "
            + config.dataDir().resolve("fleet-root.pem")
            + ", too: without it the fleet's root and issuing CA can't be replaced.");
    output.note("Next: holdfast coordinator run --config " + file);
    return ExitCode.OK;
  }

  private List<ConfigOverride> overrides() {
    List<ConfigOverride> overrides = new ArrayList<>();
    if (vault != null) {
      overrides.add(override("vault.directory", vault, "option --vault"));
    }
    if (dataDir != null) {
      overrides.add(override("data_dir", dataDir, "option --data-dir"));
    }
    return overrides;
  }

  private static ConfigOverride override(String key, Path path, String origin) {
    return new ConfigOverride(key, path.toAbsolutePath().normalize().toString(), origin);
  }

  /**
   * What the file says, refusing options that say otherwise: the coordinator will read the file.
   */
  private CoordinatorConfig agreeing(Path file) {
    CoordinatorConfig asFile = options().coordinatorConfig(List.of()).value();
    CoordinatorConfig asOptions = options().coordinatorConfig(overrides()).value();
    if (!asFile.equals(asOptions)) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "the configuration "
              + file
              + " says vault "
              + asFile.vault().directory()
              + " and data_dir "
              + asFile.dataDir()
              + ", the options say otherwise: leave the options out, or change the file");
    }
    return asFile;
  }

  private static void show(InitReport report, CoordinatorConfig config, Path file, Output output) {
    output.result(
        "init",
        new Fields()
            .text("root_fingerprint", report.rootFingerprint())
            .id("repository", report.repository())
            .text("vault", config.vault().directory().toString())
            .text("data_dir", config.dataDir().toString())
            .text("recovery_kit", report.kit().toString())
            .text("config", file.toString()));
  }

  /** The fleet is made by now: what can't be written is said, with what to write. */
  private static void write(Path file, CoordinatorConfig config, Output output) {
    String text =
        "version: 1\ndata_dir: "
            + quoted(config.dataDir())
            + "\nvault:\n  directory: "
            + quoted(config.vault().directory())
            + "\n";
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      output.warning(
          "the fleet is made, but "
              + file
              + " could not be written ("
              + e
              + "): write it with\n"
              + text);
    }
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''").replace("${", "$${") + "'";
  }
}
