package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Listing;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.FoundFile;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "find",
    description = "Find files by a pattern over their paths, in all snapshots or some.")
final class SnapshotFindCommand extends AdminCommand {
  @Parameters(
      paramLabel = "PATTERN",
      description = "Glob: id_rsa anywhere, or a path such as '/etc/*.conf' or '/home/**/.ssh'.")
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
    Listing listing = output.listing("found");
    if (snapshot.isEmpty() && host.isEmpty()) {
      List<String> hosts = new ArrayList<>();
      link.hosts(each -> hosts.add(HexFormat.of().formatHex(each.getHost().toByteArray())));
      hosts.forEach(each -> find(each, link, listing, output));
    } else {
      find(host, link, listing, output);
    }
    listing.noteIfEmpty("Nothing is called that.");
    return ExitCode.OK;
  }

  private void find(String of, AdminLink link, Listing listing, Output output) {
    if (limit > 0 && listing.items() >= limit) {
      return;
    }
    FindFilesRequest request =
        FindFilesRequest.newBuilder()
            .setPattern(pattern)
            .setSnapshot(named(snapshot))
            .setHost(of)
            .setLimit(limit > 0 ? (int) (limit - listing.items()) : limit)
            .build();
    link.find(request, found -> listing.add(() -> fields(found), () -> line(found, output)));
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
