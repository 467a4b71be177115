package io.holdfast.coordinator.policy.yaml;

import io.holdfast.coordinator.policy.Source;
import io.holdfast.coordinator.policy.Source.Checkpoint;
import io.holdfast.coordinator.policy.Source.Format;
import io.holdfast.coordinator.policy.Source.Method;
import io.holdfast.coordinator.policy.Source.SnapshotFirst;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code source}: one key that is the kind, with its options. */
final class SourceReader {
  private static final Duration TIME_LIMIT_MIN = Duration.ofSeconds(1);
  private static final Duration TIME_LIMIT_MAX = Duration.ofDays(14);
  private static final int PORT_MAX = 65_535;

  private static final Map<String, Function<Section, Optional<Source>>> KINDS = kinds();

  private SourceReader() {}

  private static Map<String, Function<Section, Optional<Source>>> kinds() {
    Map<String, Function<Section, Optional<Source>>> kinds = new LinkedHashMap<>();
    kinds.put("files", SourceReader::files);
    kinds.put("blockImage", SourceReader::blockImage);
    kinds.put("command", SourceReader::command);
    kinds.put("postgresql", SourceReader::postgreSql);
    kinds.put("mariadb", SourceReader::mariaDb);
    return kinds;
  }

  static Optional<Source> read(Section section) {
    List<Source> sources = new ArrayList<>();
    KINDS.forEach((kind, reader) ->
        section
            .section(kind)
            .ifPresent(options -> {
              reader.apply(options).ifPresent(sources::add);
              options.finish();
            }));
    section.finish();
    long kinds = section.keys().stream().filter(KINDS::containsKey).count();
    if (kinds != 1 && kinds == section.keys().size()) {
      section.problemHere(
          "is one of "
              + String.join(", ", KINDS.keySet())
              + "; write a data class for each source");
    }
    return sources.stream().findFirst();
  }

  private static Optional<Source> files(Section section) {
    section.require("include", "write the absolute paths to back up");
    List<String> include = section.values("include", Forms::path);
    List<String> exclude = section.values("exclude", Forms::text);
    boolean oneFileSystem = section.value("oneFileSystem", Forms::yesOrNo).orElse(false);
    boolean includeCaches = section.value("includeCaches", Forms::yesOrNo).orElse(false);
    boolean readEverything = section.value("readEverything", Forms::yesOrNo).orElse(false);
    SnapshotFirst first =
        section.value("snapshotFirst", Forms.word(SnapshotFirst.class)).orElse(SnapshotFirst.NONE);
    Optional<String> hook = section.value("snapshotHook", Forms::fileName);
    if ((first == SnapshotFirst.HOOK) != section.has("snapshotHook")) {
      section.problem(
          section.has("snapshotHook") ? "snapshotHook" : "snapshotFirst",
          "snapshotFirst: hook and snapshotHook go together");
      return Optional.empty();
    }
    if (include.isEmpty() || hook.isPresent() != section.has("snapshotHook")) {
      return emptyList(section, "include");
    }
    return Optional.of(
        new Source.Files(
            include, exclude, oneFileSystem, includeCaches, readEverything, first, hook));
  }

  /** An empty list is a problem that no item of it has told. */
  private static Optional<Source> emptyList(Section section, String key) {
    if (section.isEmptyList(key)) {
      section.problem(key, "write one path at least");
    }
    return Optional.empty();
  }

  private static Optional<Source> blockImage(Section section) {
    section.require("path", "write the device or the file that holds the disk");
    Format format = section.value("format", Forms.word(Format.class)).orElse(Format.RAW);
    return section.value("path", Forms::path).map(path -> new Source.BlockImage(path, format));
  }

  private static Optional<Source> command(Section section) {
    section.require("name", "write the name of the command's file on the host");
    Optional<String> name = section.value("name", Forms::fileName);
    Optional<String> fileName = section.value("fileName", Forms::fileName);
    Duration timeLimit =
        section
            .value("timeLimit", Forms.duration(TIME_LIMIT_MIN, TIME_LIMIT_MAX))
            .orElse(Source.CommandStream.TIME_LIMIT_STANDARD);
    return name.map(
        command -> new Source.CommandStream(command, fileName.orElse(command), timeLimit));
  }

  private static Optional<Source> postgreSql(Section section) {
    String host = section.value("host", Forms::text).orElse(Source.PostgreSql.HOST_STANDARD);
    int port =
        section.value("port", Forms.number(1, PORT_MAX)).orElse(Source.PostgreSql.PORT_STANDARD);
    String user = section.value("user", Forms::text).orElse(Source.PostgreSql.USER_STANDARD);
    Optional<String> passwordFile = section.value("passwordFile", Forms::path);
    Checkpoint checkpoint =
        section.value("checkpoint", Forms.word(Checkpoint.class)).orElse(Checkpoint.SPREAD);
    boolean walArchive = section.value("walArchive", Forms::yesOrNo).orElse(false);
    return Optional.of(
        new Source.PostgreSql(host, port, user, passwordFile, checkpoint, walArchive));
  }

  private static Optional<Source> mariaDb(Section section) {
    String socket = section.value("socket", Forms::path).orElse(Source.MariaDb.SOCKET_STANDARD);
    String user = section.value("user", Forms::text).orElse(Source.MariaDb.USER_STANDARD);
    Optional<String> passwordFile = section.value("passwordFile", Forms::path);
    Method method = section.value("method", Forms.word(Method.class)).orElse(Method.BACKUP);
    List<String> databases = section.values("databases", Forms::text);
    if (method == Method.BACKUP && !databases.isEmpty()) {
      section.problem("databases", "only a dump can be of some databases: write method: dump");
      return Optional.empty();
    }
    return Optional.of(new Source.MariaDb(socket, user, passwordFile, method, databases));
  }
}
