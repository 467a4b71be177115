package io.holdfast.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What openssl and zstd reach on one core of this machine with the same lengths and bytes, each
 * measured when it is first asked for, by processor time. A tool that isn't there, or says
 * something else than expected, leaves its limits out and is named once.
 */
final class Tools {
  private static final String SECONDS = "2";
  private static final Pattern SPEED = Pattern.compile("(?m)^\\+F:.*:([0-9.]+)$");
  private static final Pattern ZSTD =
      Pattern.compile("-> *(\\d+) \\(x[0-9.]+\\), *([0-9.]+) MB/s, *([0-9.]+) MB/s");
  private static final double MEGA = 1e6;

  /**
   * What zstd came to.
   *
   * @param compress MB/s of plaintext
   * @param decompress MB/s of plaintext
   * @param ratio compressed bytes by plain ones
   */
  record Zstd(double compress, double decompress, double ratio) {}

  private final Map<String, OptionalDouble> speeds = new HashMap<>();
  private final Map<Integer, Optional<Zstd>> zstds = new HashMap<>();
  private final List<String> missing = new ArrayList<>();
  private final Path directory;

  Tools(Path directory) {
    this.directory = directory;
  }

  /** MB/s of SHA-256 over pieces of {@code bytes}. */
  OptionalDouble sha256(int bytes) {
    return openssl(bytes, "-evp", "sha256");
  }

  /** MB/s of HMAC-SHA-256 over pieces of {@code bytes}. */
  OptionalDouble hmac(int bytes) {
    return openssl(bytes, "-hmac", "sha256");
  }

  /** MB/s of AES-256-GCM over pieces of {@code bytes}. */
  OptionalDouble aesGcm(int bytes) {
    return openssl(bytes, "-evp", "aes-256-gcm");
  }

  private OptionalDouble openssl(int bytes, String... algorithm) {
    String length = Integer.toString(bytes);
    List<String> command = new ArrayList<>(List.of("openssl", "speed", "-mr"));
    command.addAll(List.of("-seconds", SECONDS, "-bytes", length));
    command.addAll(List.of(algorithm));
    return speeds.computeIfAbsent(
        String.join(" ", command),
        key ->
            last(SPEED, command)
                .map(found -> OptionalDouble.of(Double.parseDouble(found.group(1)) / MEGA))
                .orElse(OptionalDouble.empty()));
  }

  /** {@code zstd -b3} over the text that is sealed, in blocks of {@code bytes}. */
  Optional<Zstd> zstd(int bytes) {
    return zstds.computeIfAbsent(
        bytes,
        length -> {
          String blocks = "-B" + length;
          List<String> command =
              List.of("zstd", "-b3", "-i" + SECONDS, blocks, "--single-thread", text().toString());
          return last(ZSTD, command)
              .map(found ->
                  new Zstd(
                      Double.parseDouble(found.group(2)),
                      Double.parseDouble(found.group(3)),
                      Double.parseDouble(found.group(1)) / Sealing.TOTAL));
        });
  }

  /** The tools' versions, and what of them is missing. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (List<String> command : List.of(List.of("openssl", "version"), List.of("zstd", "-V"))) {
      run(command).ifPresent(answer -> lines.add(answer.strip().replace("*", "").strip()));
    }
    lines.addAll(missing);
    return lines;
  }

  private Path text() {
    try {
      Path text = directory.resolve("text");
      return Files.exists(text) ? text : Files.write(text, Content.text(Sealing.TOTAL));
    } catch (IOException e) {
      throw new IllegalStateException("no room for " + Sealing.TOTAL + " bytes of text", e);
    }
  }

  private Optional<MatchResult> last(Pattern pattern, List<String> command) {
    Optional<String> printed = run(command);
    if (printed.isEmpty()) {
      return Optional.empty();
    }
    MatchResult last = null;
    for (Matcher found = pattern.matcher(printed.get()); found.find(); ) {
      last = found.toMatchResult();
    }
    if (last == null) {
      missing.add("`" + String.join(" ", command) + "` printed no speed: its limits are missing");
    }
    return Optional.ofNullable(last);
  }

  private Optional<String> run(List<String> command) {
    String absent = command.getFirst() + " isn't installed: its limits are missing";
    if (missing.contains(absent)) {
      return Optional.empty();
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return Optional.of(printed);
    } catch (IOException e) {
      missing.add(absent);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
