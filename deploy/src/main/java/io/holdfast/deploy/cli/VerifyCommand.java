package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataSize;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.Progress;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.ProofStatement;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyFault;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyProgress;
import io.holdfast.proto.wire.v1.VerifyRequest;
import io.holdfast.proto.wire.v1.VerifyResult;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "verify",
    description = {
      "Read the vault again, or what one snapshot needs of it, and name every damaged chunk.",
      "Exit codes: 0 all is well, 1 damage was found."
    })
final class VerifyCommand extends AdminCommand {
  /** How deep. */
  enum Level {
    CHECKED,
    PROVEN
  }

  /** Levels as the words of the help. */
  private static final class LevelOption implements ITypeConverter<Level> {
    @Override
    public Level convert(String text) {
      return switch (text) {
        case "checked" -> Level.CHECKED;
        case "proven" -> Level.PROVEN;
        default -> throw new TypeConversionException("\"" + text + "\" is none of checked, proven");
      };
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "SNAPSHOT",
      defaultValue = "",
      description = SnapshotName.DESCRIPTION + " Default: everything.")
  private String snapshot;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "proven",
      converter = LevelOption.class,
      description = {
        "checked compares hashes of the sealed bytes; proven also opens each chunk and recomputes"
            + " its id (default: ${DEFAULT-VALUE})."
      })
  private Level level;

  private VerifyResult result;

  VerifyCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    VerifyRequest request =
        VerifyRequest.newBuilder().setSnapshot(named(snapshot)).setLevel(wireLevel()).build();
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell().terminal().errorColumns(), shell().time())) {
      link.verify(request, event -> take(event, display, output));
    }
    if (result == null) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the coordinator stopped reporting before the end: look at its log, and verify again");
    }
    show(result, output);
    return result.getFaults() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private VerifyLevel wireLevel() {
    return switch (level) {
      case CHECKED -> VerifyLevel.VERIFY_LEVEL_CHECKED;
      case PROVEN -> VerifyLevel.VERIFY_LEVEL_PROVEN;
    };
  }

  private void take(VerifyEvent event, ProgressDisplay display, Output output) {
    switch (event.getEventCase()) {
      case PROGRESS -> display.show(progress(event.getProgress()));
      case FAULT -> {
        display.close();
        show(event.getFault(), output);
      }
      case RESULT -> result = event.getResult();
      case EVENT_NOT_SET -> {} // of a later version
    }
  }

  private static Progress progress(VerifyProgress progress) {
    return new Progress(
        "verifying", Optional.empty(), progress.getBytes(), progress.getBytesExpected(), 0);
  }

  private static void show(VerifyFault fault, Output output) {
    if (output.isJson()) {
      output.json(
          "fault",
          new Fields()
              .id("pack", fault.getPack())
              .count("offset", fault.getOffset())
              .text("kind", WireViews.chunkKind(fault.getKind()))
              .id("chunk", fault.getId())
              .count("error_number", fault.getError().getCode())
              .text("message", fault.getError().getMessage())
              .groups("files", fault.getFilesList().stream().map(WireViews::fields).toList()));
      return;
    }
    output.line(
        "DAMAGED" + place(fault) + content(fault) + SafeText.of(fault.getError().getMessage()));
    fault.getFilesList().forEach(file -> output.line("  needed by " + SafeText.of(file.getPath())));
  }

  private static String place(VerifyFault fault) {
    return fault.getPack().isEmpty()
        ? " "
        : " pack "
            + HexFormat.of().formatHex(fault.getPack().toByteArray())
            + " offset "
            + fault.getOffset()
            + ": ";
  }

  private static String content(VerifyFault fault) {
    return fault.getId().isEmpty()
        ? ""
        : WireViews.chunkKind(fault.getKind())
            + " chunk "
            + PeopleText.shortId(fault.getId())
            + ": ";
  }

  private static void show(VerifyResult result, Output output) {
    if (output.isJson()) {
      output.json("summary", summary(result));
      return;
    }
    String verdict =
        result.getFaults() == 0 ? "no damage" : PeopleText.count(result.getFaults()) + " DAMAGED";
    output.line(
        "%s in %s of %s, %s read, for %s"
            .formatted(
                verdict,
                PeopleText.count(result.getChunks(), "chunk"),
                PeopleText.count(result.getPacks(), "pack"),
                new DataSize(result.getBytes()),
                PeopleText.count(result.getSnapshots(), "snapshot")));
    if (result.getFoundAgain() > 0) {
      output.line(
          "%s recorded as lost found again, and stored anew"
              .formatted(PeopleText.count(result.getFoundAgain(), "chunk")));
    }
    if (result.getErasedSnapshots() > 0) {
      output.line(
          "%s of erased hosts not opened: nobody can"
              .formatted(PeopleText.count(result.getErasedSnapshots(), "snapshot")));
    }
    if (result.hasStatement()) {
      ProofStatement statement = result.getStatement();
      output.line(
          "recorded as %s at %s by coordinator %s in term %s: record %s of the journal"
              .formatted(
                  WireViews.level(statement.getLevel()),
                  output.people().time(Instant.ofEpochMilli(statement.getTimeMillis())),
                  PeopleText.shortId(statement.getCoordinator()),
                  PeopleText.count(statement.getTerm()),
                  PeopleText.count(statement.getSeq())));
    }
  }

  private static Fields summary(VerifyResult result) {
    Fields fields =
        new Fields()
            .count("faults", result.getFaults())
            .count("snapshots", result.getSnapshots())
            .count("erased_snapshots", result.getErasedSnapshots())
            .count("found_again", result.getFoundAgain())
            .count("packs", result.getPacks())
            .count("chunks", result.getChunks())
            .size("bytes", result.getBytes());
    return result.hasStatement()
        ? fields.group("statement", WireViews.fields(result.getStatement()))
        : fields;
  }
}
