package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.cli.LocalOperations.RecoverRequest;
import io.holdfast.deploy.cli.LocalOperations.VaultAccess;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.deploy.output.Rows;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.JobResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "recover",
    description = {
      "Break glass: restore from a vault and the recovery passphrase alone, onto this machine."
          + " Needs no coordinator, no catalog and no network; changes nothing in the vault.",
      "Exit codes: 0 complete, 3 complete with gaps, others: `holdfast help exit-codes`."
    })
final class RecoverCommand extends LocalCommand {
  /** What a vault tells by itself: what was sent and proven only a catalog knows. */
  private static final List<String> COLUMNS =
      List.of("snapshot", "host", "time", "outcome", "files", "logical_bytes", "sources");

  @Option(
      names = "--vault",
      required = true,
      paramLabel = "DIR",
      description = "The vault's directory, or a copy of it.")
  private Path vault;

  @Option(
      names = "--kit",
      paramLabel = "FILE",
      description = "Recovery kit, for a vault whose own keys are lost.")
  private Path kit;

  @Mixin private Passphrases passphrases;

  @Option(
      names = "--list",
      description = "List the vault's snapshots, newest first; restore nothing.")
  private boolean list;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Directory to restore into. Files that are there are left as they are, so that running"
              + " again goes on after an interruption.")
  private Path target;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SNAPSHOT",
      description = SnapshotName.DESCRIPTION)
  private String snapshot;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PATH",
      description = "Files and directories in the snapshot (default: all).")
  private List<String> paths = List.of();

  @Mixin private Selection selection;

  RecoverCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    checkOptions();
    List<ByteString> selected = paths.stream().map(selection::path).toList();
    VaultAccess access =
        new VaultAccess(vault, Optional.ofNullable(kit), passphrases.existing(shell()));
    output.note("reading the vault " + SafeText.of(vault.toString()));
    return list
        ? list(local, access, output)
        : restore(
            local,
            new RecoverRequest(
                access, SnapshotName.inUtc(snapshot, shell().zone()), selected, target),
            output);
  }

  private void checkOptions() {
    boolean restores = snapshot != null && target != null;
    boolean half = snapshot != null || target != null;
    if (list ? half : !restores) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "pass either --list, or a SNAPSHOT and --to DIR: recover does one of the two");
    }
    InputFile.check("vault", vault);
    if (kit != null) {
      InputFile.check("recovery kit", kit);
    }
  }

  private static ExitCode list(LocalOperations local, VaultAccess access, Output output) {
    try (Rows rows = output.rows("snapshot", COLUMNS)) {
      local.listRecoverable(access, snapshot -> rows.add(WireViews.fields(snapshot)));
    }
    return ExitCode.OK;
  }

  private ExitCode restore(LocalOperations local, RecoverRequest request, Output output) {
    JobResult result;
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell().terminal().errorColumns(), shell().time())) {
      result = local.recover(request, progress -> display.show(JobViews.progress(progress, 0)));
    }
    String what = "recovery of " + SafeText.of(snapshot) + " to " + SafeText.of(target.toString());
    JobViews.showRestore(what, result, output);
    return JobRun.exitCode(result);
  }
}
