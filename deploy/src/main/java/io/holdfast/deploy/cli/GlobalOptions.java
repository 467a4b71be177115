package io.holdfast.deploy.cli;

import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.ConfigOverride;
import io.holdfast.common.config.LoadedConfig;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every command, before or after its name, and what follows from them. */
final class GlobalOptions {
  static final String CONFIG_VARIABLE = "HOLDFAST_CONFIG";
  static final String SOCKET_VARIABLE = "HOLDFAST_SOCKET";
  static final Path COORDINATOR_FILE = Path.of("/etc/holdfast/coordinator.yaml");
  static final Path AGENT_FILE = Path.of("/etc/holdfast/agent.yaml");

  /** Those that are followed by a value. */
  static final Set<String> WITH_VALUES = Set.of("--config", "--socket", "--timeout");

  static final Path DEFAULT_SOCKET = Path.of("/run/holdfast/coordinator.sock");

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Say more on standard error; twice: much more.")
  private boolean[] verbose = {};

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Print results and errors only.")
  private boolean quiet;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON, one object a line.")
  private boolean json;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours (also by NO_COLOR).")
  private boolean noColor;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Configuration file (default: the one HOLDFAST_CONFIG names, else"
              + " /etc/holdfast/coordinator.yaml, or agent.yaml for agent commands).")
  private Path config;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description =
          "The coordinator's admin socket (default: the one HOLDFAST_SOCKET names, else the"
              + " configuration's, else /run/holdfast/coordinator.sock).")
  private Path socket;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      converter = DurationOption.class,
      description =
          "How long to wait for the coordinator (default: 30s, longer for what goes over all"
              + " hosts or the whole catalog, jobs without end).")
  private Duration timeout;

  private final Shell shell;

  GlobalOptions(Shell shell) {
    this.shell = shell;
  }

  Shell shell() {
    return shell;
  }

  int verbosity() {
    return verbose.length;
  }

  boolean isJson() {
    return json;
  }

  boolean isWithoutColor() {
    return noColor;
  }

  Output output() {
    Output.Form form = json ? Output.Form.JSON : Output.Form.TEXT;
    return new Output(shell.out(), shell.err(), form, quiet, shell.zone());
  }

  AdminLink connect(RemoteOptions remote) {
    if (timeout != null && timeout.isZero()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "--timeout " + Durations.exact(timeout) + " leaves no time for an answer: give some");
    }
    Optional<Duration> patience = Optional.ofNullable(timeout);
    return remote
        .find(shell.environment(), socket != null)
        .map(there -> AdminLink.open(there, patience, shell.time()))
        .orElseGet(() -> AdminLink.open(socket(), patience));
  }

  private Path socket() {
    return Optional.ofNullable(socket)
        .or(() -> shell.environment().find(SOCKET_VARIABLE).map(Path::of))
        .or(this::socketOfConfig)
        .orElse(DEFAULT_SOCKET);
  }

  /** Who may use the socket may not be able to read the configuration: then its default counts. */
  private Optional<Path> socketOfConfig() {
    Optional<Path> file = namedConfig();
    if (file.isEmpty() && !Files.isReadable(COORDINATOR_FILE)) {
      return Optional.empty();
    }
    return Optional.of(coordinatorConfig(List.of()).value().admin().socket());
  }

  /** The file that {@code --config} or the environment names. */
  Optional<Path> namedConfig() {
    return Optional.ofNullable(config)
        .or(() -> shell.environment().find(CONFIG_VARIABLE).map(Path::of));
  }

  /** The coordinator's configuration; without any file what defaults and overrides give. */
  LoadedConfig<CoordinatorConfig> coordinatorConfig(List<ConfigOverride> overrides) {
    return load(CoordinatorConfig.class, COORDINATOR_FILE, overrides);
  }

  /** The configuration in the file that was named, in {@code usual} if that exists, or none. */
  <T extends Record> LoadedConfig<T> load(
      Class<T> type, Path usual, List<ConfigOverride> overrides) {
    ConfigLoader<T> loader = new ConfigLoader<>(type, shell.environment());
    Optional<Path> file =
        namedConfig().or(() -> Optional.of(usual).filter(path -> Files.exists(path)));
    return file.isPresent() ? loader.load(file.get(), overrides) : loader.withoutFile(overrides);
  }

  /** What holds before there is a file. */
  <T extends Record> T withoutFile(Class<T> type, List<ConfigOverride> overrides) {
    return new ConfigLoader<>(type, shell.environment()).withoutFile(overrides).value();
  }
}
