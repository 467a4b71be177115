package io.holdfast.coordinator.policy.yaml;

import io.holdfast.coordinator.policy.Source;

/** Sources as they are written. */
final class SourceTree {
  private SourceTree() {}

  static Keys of(Source source) {
    return switch (source) {
      case Source.Files files -> new Keys().put("files", files(files).node());
      case Source.BlockImage image ->
          new Keys()
              .put(
                  "blockImage",
                  new Keys()
                      .put("path", image.path())
                      .put("format", Forms.word(image.format()))
                      .node());
      case Source.CommandStream command ->
          new Keys()
              .put(
                  "command",
                  new Keys()
                      .put("name", command.command())
                      .put("fileName", command.fileName())
                      .put("timeLimit", command.timeLimit())
                      .node());
      case Source.PostgreSql cluster -> new Keys().put("postgresql", postgreSql(cluster).node());
      case Source.MariaDb server -> new Keys().put("mariadb", mariaDb(server).node());
    };
  }

  private static Keys files(Source.Files files) {
    return new Keys()
        .putTexts("include", files.include())
        .putTexts("exclude", files.exclude())
        .put("oneFileSystem", files.oneFileSystem())
        .put("includeCaches", files.includeCaches())
        .put("readEverything", files.readEverything())
        .put("snapshotFirst", Forms.word(files.snapshotFirst()))
        .put("snapshotHook", files.snapshotHook());
  }

  private static Keys postgreSql(Source.PostgreSql cluster) {
    return new Keys()
        .put("host", cluster.host())
        .put("port", cluster.port())
        .put("user", cluster.user())
        .put("passwordFile", cluster.passwordFile())
        .put("checkpoint", Forms.word(cluster.checkpoint()))
        .put("walArchive", cluster.walArchive());
  }

  private static Keys mariaDb(Source.MariaDb server) {
    return new Keys()
        .put("socket", server.socket())
        .put("user", server.user())
        .put("passwordFile", server.passwordFile())
        .put("method", Forms.word(server.method()))
        .putTexts("databases", server.databases());
  }
}
