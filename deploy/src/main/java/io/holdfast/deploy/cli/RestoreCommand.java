package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.unit.DataRate;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.ConflictMode;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Restore a snapshot, or paths of it, to any enrolled host, and wait for the end. The target"
          + " must be allowed by the agent's own configuration (restore.allow).",
      "`latest` alone is the newest of the host restored to.",
      "Exit codes: 0 complete, 3 complete with gaps, others: `holdfast help exit-codes`."
    })
final class RestoreCommand extends AdminCommand {
  /** Where to; exactly one. */
  private static final class Destination {
    @Option(
        names = "--to",
        required = true,
        paramLabel = "HOST:DIR",
        description = "Below this absolute directory on that host.")
    private String to;

    @Option(
        names = "--in-place",
        required = true,
        paramLabel = "HOST",
        description = "Where the files were, on that host; its agent must allow it.")
    private String inPlace;

    @Option(
        names = "--to-device",
        required = true,
        paramLabel = "HOST:DEVICE",
        description =
            "Over all that is on this block device of that host: the one PATH, a disk image. Its"
                + " agent must allow it (restore.devices).")
    private String toDevice;
  }

  /** What happens to files that exist. */
  enum Conflict {
    SKIP,
    OVERWRITE_IF_DIFFERENT,
    ALWAYS
  }

  @Parameters(index = "0", paramLabel = "SNAPSHOT", description = SnapshotName.DESCRIPTION)
  private String snapshot;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PATH",
      description = "Files and directories in the snapshot (default: all).")
  private List<String> paths = List.of();

  @Mixin private Selection selection;

  @ArgGroup(multiplicity = "1")
  private Destination destination;

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description =
          "Only what matches this glob, such as '*.conf' or '/etc/ssh/**'. May be repeated.")
  private List<String> patterns = List.of();

  @Option(
      names = "--on-conflict",
      paramLabel = "MODE",
      defaultValue = "skip",
      description =
          "What happens to files that exist: skip, overwrite-if-different, which is by size and"
              + " time of modification, or always, which also mends what was damaged without either"
              + " (default: ${DEFAULT-VALUE}).",
      converter = ConflictOption.class)
  private Conflict conflict;

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "Share of the files that were written that is read back and compared at the end (default:"
              + " ${DEFAULT-VALUE}).")
  private double samplePercent;

  @Option(
      names = "--rate-limit",
      paramLabel = "RATE",
      defaultValue = "unlimited",
      converter = RateOption.class,
      description = "Most to receive, such as 20MiB/s (default: ${DEFAULT-VALUE}).")
  private DataRate rateLimit;

  @Option(
      names = "--kit",
      paramLabel = "FILE",
      description =
          "Recovery kit of a private repository, for another host's snapshot (default: asked of the"
              + " coordinator).")
  private Path kit;

  @Option(
      names = "--reader-key",
      paramLabel = "KEY",
      description =
          "Encryption key of the host restored to, as its own `agent enroll` printed it: keys are"
              + " sealed to no other (default: the one that the coordinator names).")
  private String readerKey;

  @Mixin private Passphrases passphrases;

  @Option(names = "--dry-run", description = "Write nothing; say what would be written.")
  private boolean dryRun;

  RestoreCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if (samplePercent < 0 || samplePercent > 100) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "--sample " + samplePercent + " isn't a share in percent: write 0 to 100");
    }
    var _ = target();
    if (destination.toDevice != null && (paths.size() != 1 || !patterns.isEmpty() || dryRun)) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "--to-device takes one PATH of the snapshot, a disk image, without --include and"
              + " --dry-run");
    }
  }

  private Target target() {
    if (destination.toDevice != null) {
      return Target.parse("--to-device", destination.toDevice);
    }
    return destination.to == null
        ? new Target(destination.inPlace, "")
        : Target.parse("--to", destination.to);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    Target target = target();
    StartRestoreRequest.Builder request =
        StartRestoreRequest.newBuilder()
            .setSnapshot(sourceName(target))
            .setHost(target.host())
            .setOrder(order(target));
    RestorePlan plan = link.planRestore(request.build());
    RestorePlanView.show(plan, target, output);
    // The very snapshot of the plan, whatever is the latest by now.
    request.setSnapshot(HexFormat.of().formatHex(plan.getSnapshot().toByteArray()));
    if (plan.getSealedKeysNeeded()) {
      RestoreOrder sealed =
          request.getOrder().toBuilder().setSealedKeys(sealedKeys(request, link, output)).build();
      request.setOrder(sealed);
    }
    String what = "restore of " + SafeText.of(snapshot) + " to " + target.shown();
    return new JobRun(link, output, shell())
        .expecting(plan.getBytes())
        .follow(
            events -> link.restore(request.build(), events), result -> show(what, result, output));
  }

  /** A private repository's coordinators can't grant it: whoever has the passphrase does. */
  private ByteString sealedKeys(
      StartRestoreRequest.Builder request, AdminLink link, Output output) {
    output.note(
        "this repository is private: another host's snapshot takes the recovery passphrase");
    try (Passphrase passphrase = passphrases.existing(shell()).open()) {
      FetchSealedKeysAnswer sealed =
          link.keys().fetchSealedKeys(request.getSnapshot(), request.getHost());
      String named = HexFormat.of().formatHex(sealed.getReaderEncryptionKey().toByteArray());
      if (readerKey != null && !readerKey.equalsIgnoreCase(named)) {
        throw new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "the coordinator names "
                + named
                + " as the encryption key of "
                + SafeText.of(request.getHost())
                + ", which isn't --reader-key: nothing was sealed; find out which host answers to"
                + " that name");
      }
      output.note("sealing its keys to the host with the encryption key " + named);
      return SealedRestore.seal(sealed, kit(link), passphrase, Randomness.secure());
    }
  }

  private RecoveryKit kit(AdminLink link) {
    return RecoveryKit.parse(kit == null ? link.exportKeys() : InputFile.read("recovery kit", kit));
  }

  /** The latest of all hosts is hardly what somebody means who restores to one of them. */
  private String sourceName(Target target) {
    return snapshot.equals("latest") ? "latest:" + target.host() : named(snapshot);
  }

  private void show(String what, JobResult result, Output output) {
    if (dryRun) {
      JobViews.showDryRun(what, result, output);
    } else {
      JobViews.showRestore(what, result, output);
    }
    if (result.getFilesDiffering() > 0) {
      output.note(
          "To replace what is not as in the snapshot: --on-conflict overwrite-if-different");
    }
  }

  private RestoreOrder order(Target target) {
    RestoreOrder.Builder order = RestoreOrder.newBuilder();
    if (destination.toDevice == null) {
      order.setTarget(WireViews.bytes(target.directory()));
    } else {
      order.setDevice(WireViews.bytes(target.directory()));
    }
    return order
        .addAllPaths(selected())
        .addAllPatterns(patterns)
        .setConflict(mode(conflict))
        .setSamplePerMille((int) Math.round(10 * samplePercent))
        .setRateLimit(rateLimit.bytesPerSecond())
        .setDryRun(dryRun)
        .build();
  }

  private List<ByteString> selected() {
    return paths.stream().map(selection::path).toList();
  }

  private static ConflictMode mode(Conflict conflict) {
    return switch (conflict) {
      case SKIP -> ConflictMode.CONFLICT_MODE_SKIP;
      case OVERWRITE_IF_DIFFERENT -> ConflictMode.CONFLICT_MODE_OVERWRITE_IF_DIFFERENT;
      case ALWAYS -> ConflictMode.CONFLICT_MODE_ALWAYS;
    };
  }
}
