package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Listing;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.FoundFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "find",
    description = "Find files by a pattern over their paths, in many snapshots.")
final class SnapshotFindCommand extends AdminCommand {
  @Parameters(
      paramLabel = "PATTERN",
      description = "Glob over the path, such as '**/id_rsa' or 'etc/*.conf'.")
  private String pattern;

  @Option(
      names = "--snapshot",
      paramLabel = "SNAPSHOT",
      defaultValue = "",
      description = "Only in this one. " + SnapshotName.DESCRIPTION)
  private String snapshot;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "",
      description = "Only in this host's snapshots.")
  private String host;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many (default: all).")
  private int limit;

  SnapshotFindCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    FindFilesRequest request =
        FindFilesRequest.newBuilder()
            .setPattern(pattern)
            .setSnapshot(snapshot)
            .setHost(host)
            .setLimit(limit)
            .build();
    Listing listing = output.listing("found");
    link.find(request, found -> listing.add(() -> fields(found), () -> line(found, output)));
    return ExitCode.OK;
  }

  private static Fields fields(FoundFile found) {
    return new Fields()
        .id("snapshot", found.getSnapshot())
        .time("time", found.getTimeMillis())
        .group("file", WireViews.fields(found.getFile()));
  }

  private static String line(FoundFile found, Output output) {
    return PeopleText.shortId(found.getSnapshot()) + "  " + FileLine.of(found.getFile(), output);
  }
}
