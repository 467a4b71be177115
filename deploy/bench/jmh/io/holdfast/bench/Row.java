package io.holdfast.bench;

import io.holdfast.agent.backup.BlockMaps;
import io.holdfast.agent.backup.PageMerge;
import io.holdfast.agent.backup.PageReferences;
import io.holdfast.coordinator.catalog.Index;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * One line of the table.
 *
 * @param name what it is called, in the table and on the command line
 * @param unit MB, or what it counts
 * @param benchmark the class
 * @param method the method
 * @param parameters JMH's, by name
 * @param limit what it is held against
 */
record Row(
    String name,
    String unit,
    Class<?> benchmark,
    String method,
    Map<String, String> parameters,
    Limit.Source limit) {
  static final String MEGABYTES = "MB";

  private static final int CHUNK = 1 << 20;
  private static final int SMALL_CHUNK = 16 << 10;

  /** What openssl is given at once for chunks: longer pieces are no faster. */
  private static final int SLICE = 16 << 10;

  /** SHA-256 takes its input in such blocks; an id needs five: four for own, one to hash that. */
  private static final int HASHED_AT_ONCE = 64;

  private static final int BLOCKS_OF_AN_ID = 5;

  /** All rows; one that is the limit of others comes before them. */
  static List<Row> all() {
    return List.of(
        mb("memory: read", Memory.class, "read", Limit.NONE),
        mb("chunking: cut, noise", Chunking.class, "cut", Limit.row("memory: read")),
        mb("ids: K of 1 MiB", Ids.class, "key", openssl("hmac", t -> t.hmac(SLICE))),
        mb("ids: content tag of 4 KiB", Ids.class, "tag", openssl("hmac", t -> t.hmac(4 << 10))),
        mb(
            "ids: SHA-256 of 1 MiB",
            Ids.class,
            "sealedHash",
            openssl("sha256", t -> t.sha256(SLICE))),
        items("ids: id from K", "ids", Ids.class, "id", Row::hashedBlocks),
        items("ids: id and own for a page", "ids", PageReferences.class, "show", Row::hashedBlocks),
        sealing("seal", "text", CHUNK, Row::sealText),
        sealing("seal", "noise", CHUNK, Row::sealNoise),
        sealing("seal", "text", SMALL_CHUNK, Row::sealText),
        sealing("open", "text", CHUNK, Row::openText),
        sealing("open", "noise", CHUNK, Row::openNoise),
        sealing("open", "text", SMALL_CHUNK, Row::openText),
        sealing("open", "noise", SMALL_CHUNK, Row::openNoise),
        items("pages: write", "entries", Pages.class, "write", Limit.NONE),
        items("pages: read", "entries", Pages.class, "read", Limit.NONE),
        items("pages: merge, unchanged", "entries", PageMerge.class, "merge", Row::readAndWrite),
        mb(
            "block map: fingerprint 8 KiB",
            BlockMaps.class,
            "fingerprint",
            openssl("hmac", t -> t.hmac(8 << 10))),
        items("block map: compare", "blocks", BlockMaps.class, "compare", Limit.NONE),
        index("seek", "near", Limit.NONE),
        index("seek", "far", Limit.NONE),
        index("seek", "absent", Limit.NONE),
        index("query", "near", Limit.row("index: seek, near")),
        index("query", "far", Limit.row("index: seek, far")),
        index("query", "absent", Limit.row("index: seek, absent")));
  }

  private static Row mb(String name, Class<?> type, String method, Limit.Source limit) {
    return new Row(name, MEGABYTES, type, method, Map.of(), limit);
  }

  private static Row items(
      String name, String unit, Class<?> type, String method, Limit.Source limit) {
    return new Row(name, unit, type, method, Map.of(), limit);
  }

  private static Row index(String method, String ids, Limit.Source limit) {
    Map<String, String> parameters = Map.of("ids", ids);
    return new Row("index: " + method + ", " + ids, "ids", Index.class, method, parameters, limit);
  }

  private static Row sealing(String method, String content, int bytes, ChunkLimit limit) {
    String kib = Integer.toString(bytes >> 10);
    return new Row(
        "sealing: %s, %s, %s KiB".formatted(method, content, kib),
        MEGABYTES,
        Sealing.class,
        method,
        Map.of("content", content, "kib", kib),
        (tools, scores) -> limit.find(tools, bytes));
  }

  @FunctionalInterface
  private interface ChunkLimit {
    Optional<Limit> find(Tools tools, int chunkBytes);
  }

  private static Limit.Source openssl(String what, Function<Tools, OptionalDouble> speed) {
    return (tools, scores) -> Limit.of(speed.apply(tools), "openssl " + what);
  }

  private static Optional<Limit> hashedBlocks(Tools tools, Limit.Scores scores) {
    double seconds = per(tools.sha256(SLICE)) * HASHED_AT_ONCE * BLOCKS_OF_AN_ID / 1e6;
    return Limit.inTurn(seconds, "openssl sha256, five blocks each");
  }

  /** Compressed, decompressed to be sure of it, and what is left encrypted and hashed. */
  private static Optional<Limit> sealText(Tools tools, int bytes) {
    double seconds =
        tools
            .zstd(bytes)
            .map(z ->
                1 / z.compress()
                    + 1 / z.decompress()
                    + z.ratio() * (per(tools.aesGcm(SLICE)) + per(tools.sha256(SLICE))))
            .orElse(Double.NaN);
    return Limit.inTurn(seconds, "zstd -b3 there and back, openssl aes-256-gcm and sha256 of that");
  }

  private static Optional<Limit> sealNoise(Tools tools, int bytes) {
    return Limit.inTurn(
        per(tools.aesGcm(SLICE)) + per(tools.sha256(SLICE)), "openssl aes-256-gcm and sha256");
  }

  /** Decrypted, decompressed, and K computed of what came out. */
  private static Optional<Limit> openText(Tools tools, int bytes) {
    double seconds =
        tools
            .zstd(bytes)
            .map(z -> z.ratio() * per(tools.aesGcm(SLICE)) + 1 / z.decompress())
            .orElse(Double.NaN);
    return Limit.inTurn(
        seconds + per(tools.hmac(SLICE)), "openssl aes-256-gcm, zstd -b3 back, openssl hmac");
  }

  private static Optional<Limit> openNoise(Tools tools, int bytes) {
    return Limit.inTurn(
        per(tools.aesGcm(SLICE)) + per(tools.hmac(SLICE)), "openssl aes-256-gcm and hmac");
  }

  private static Optional<Limit> readAndWrite(Tools tools, Limit.Scores scores) {
    double seconds = per(scores.of("pages: read")) + per(scores.of("pages: write"));
    return Limit.inTurn(seconds, "reading and writing them, apart");
  }

  private static double per(OptionalDouble speed) {
    return speed.isPresent() ? 1 / speed.getAsDouble() : Double.NaN;
  }
}
