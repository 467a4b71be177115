package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Listing;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.Snapshot;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "files",
    description = "List the files in a snapshot, one level of them or, with -r, all.")
final class SnapshotFilesCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "SNAPSHOT", description = SnapshotName.DESCRIPTION)
  private String snapshot;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "Directory or file; / is the top (default: what was backed up).")
  private String path;

  @Mixin private Selection selection;

  @Option(
      names = {"-r", "--recursive"},
      description = "Everything below it too, not one level only.")
  private boolean recursive;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many (default: all).")
  private int limit;

  SnapshotFilesCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    Listing listing = output.listing("file");
    if (path == null) {
      listSources(link.snapshot(named(snapshot)), link, listing, output);
    } else {
      list(named(snapshot), selection.path(path), link, listing, output);
    }
    return ExitCode.OK;
  }

  /** One that was gone when the backup ran hides no other. */
  private void listSources(Snapshot of, AdminLink link, Listing listing, Output output) {
    String id = HexFormat.of().formatHex(of.getSnapshot().toByteArray());
    for (ByteString source : of.getSourcesList()) {
      try {
        list(id, below(source), link, listing, output);
      } catch (HoldfastException e) {
        if (e.code() != ErrorCode.PATH_NOT_FOUND) {
          throw e;
        }
        output.warning(e.getMessage());
      }
    }
  }

  /** What isn't files is named by no path: it lies at the top. */
  private static ByteString below(ByteString source) {
    boolean isPath = !source.isEmpty() && source.byteAt(0) == '/';
    return isPath ? Selection.strip(source) : ByteString.EMPTY;
  }

  private void list(String name, ByteString below, AdminLink link, Listing listing, Output output) {
    if (limit > 0 && listing.items() >= limit) {
      return;
    }
    ListFilesRequest request =
        ListFilesRequest.newBuilder()
            .setSnapshot(name)
            .setPath(below)
            .setRecursive(recursive)
            .setLimit(limit > 0 ? (int) (limit - listing.items()) : limit)
            .build();
    link.files(
        request,
        file -> listing.add(() -> WireViews.fields(file), () -> FileLine.of(file, output)));
  }
}
