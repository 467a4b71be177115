package io.holdfast.bench;

import io.holdfast.coordinator.catalog.Index;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * Measures the rows whose name a pattern finds, one thread each, and prints a table as it goes.
 *
 * <p>Arguments: pattern, an empty directory for files, then the options of the measured Java.
 */
final class Micro {
  private static final int FORKS = 2;
  private static final int WARM_UPS = 2;
  private static final int MEASURED = 2;

  private final Tools tools;
  private final Path directory;
  private final String[] jvmOptions;
  private final Map<String, Double> scores = new HashMap<>();

  private Micro(Tools tools, Path directory, String[] jvmOptions) {
    this.tools = tools;
    this.directory = directory;
    this.jvmOptions = jvmOptions;
  }

  public static void main(String[] arguments) throws Exception {
    Pattern wanted = Pattern.compile(arguments[0], Pattern.CASE_INSENSITIVE);
    String[] options = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
    List<Row> rows = Row.all().stream().filter(row -> wanted.matcher(row.name()).find()).toList();
    if (rows.isEmpty()) {
      System.err.println("No benchmark's name matches " + wanted + "; there are:");
      Row.all().forEach(row -> System.err.println("  " + row.name()));
      System.exit(2);
    }
    Path directory = Path.of(arguments[1]);
    new Micro(new Tools(directory), directory, options).run(rows);
  }

  private void run(List<Row> rows) throws IOException, RunnerException {
    System.out.printf(
        "%s, %s, Java %s, one thread%n%n",
        Instant.now().truncatedTo(ChronoUnit.MINUTES), processor(), Runtime.version());
    System.out.println("| benchmark | a CPU second | ± | garbage | limit | share |");
    System.out.println("|---|--:|--:|--:|---|--:|");
    if (rows.stream().anyMatch(row -> row.benchmark() == Index.class)) {
      Index.fill(index());
    }
    for (Row row : rows) {
      System.out.println(line(row, measure(row)));
    }
    System.out.println();
    tools.describe().forEach(line -> System.out.println("- " + line));
  }

  private RunResult measure(Row row) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(row.benchmark().getName() + "." + row.method()) + "$")
            .forks(FORKS)
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(MEASURED)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler("gc")
            .shouldFailOnError(true)
            .jvmArgsAppend(jvmOptions)
            .jvmArgsPrepend("-D" + Index.DIRECTORY + "=" + index())
            .output(directory.resolve("jmh.log").toString());
    row.parameters().forEach(options::param);
    return new Runner(options.build()).runSingle();
  }

  private Path index() {
    return directory.resolve("index");
  }

  private String line(Row row, RunResult result) {
    boolean megabytes = row.unit().equals(Row.MEGABYTES);
    String counter = megabytes ? "bytes" : "items";
    Statistics perCpuSecond = perCpuSecond(result, counter, megabytes ? 1e6 : 1);
    Result<?> work = result.getSecondaryResults().get(counter);
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    double scale = megabytes ? 1e6 : 1;
    double score = perCpuSecond.getMean();
    scores.put(row.name(), score);
    double perCall = work.getScore() / result.getPrimaryResult().getScore() / scale;
    double garbage = allocated.getScore() / perCall;
    Optional<Limit> limit = row.limit().find(tools, this::score);
    return "| %s | %s %s | %s | %s B %s | %s | %s |"
        .formatted(
            row.name(),
            number(score),
            row.unit(),
            number(perCpuSecond.getMeanErrorAt(0.99)),
            number(garbage),
            megabytes ? "a MB" : "each",
            limit.map(found -> number(found.perSecond()) + ": " + found.what()).orElse(""),
            limit
                .map(found -> String.format(Locale.ROOT, "%.2f", score / found.perSecond()))
                .orElse(""));
  }

  /** Of each iteration what it got through by what its thread had of a processor. */
  private static Statistics perCpuSecond(RunResult result, String counter, double scale) {
    ListStatistics all = new ListStatistics();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        double done = iteration.getSecondaryResults().get(counter).getScore();
        double cpuNanos = iteration.getSecondaryResults().get("cpuNanos").getScore();
        all.addValue(done / scale / cpuNanos * 1e9);
      }
    }
    return all;
  }

  private OptionalDouble score(String row) {
    Double score = scores.get(row);
    return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
  }

  private static String processor() throws IOException {
    Path description = Path.of("/proc/cpuinfo");
    String name =
        Files.isReadable(description)
            ? Files.readAllLines(description).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor")
            : System.getProperty("os.arch");
    return Runtime.getRuntime().availableProcessors() + " cores of " + name;
  }
}
