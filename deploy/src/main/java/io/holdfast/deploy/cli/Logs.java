package io.holdfast.deploy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.holdfast.common.config.ConfigOverride;
import io.holdfast.common.config.Environment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where logs go: a command's warnings to standard error, a service's lines to standard output for
 * whatever collects them. In code instead of logback's XML because parsing that is a good part of a
 * short command's time; logback finds this class as a service.
 */
public final class Logs extends ContextAwareBase implements Configurator {
  static final String LEVEL_VARIABLE = "HOLDFAST_LOG_LEVEL";

  /** One line an event, whatever a message holds. */
  private static final String MESSAGE = "%replace(%msg){'\\p{Cntrl}', ' '}%n%ex";

  private static final String SERVICE_PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %logger{0} [%thread] " + MESSAGE;
  private static final String COMMAND_PATTERN = "%-5level %logger{0} " + MESSAGE;

  /** Before anything else is said: as a command that wasn't asked to be verbose. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    configure(context, Level.WARN, "System.err", COMMAND_PATTERN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** For a short command; {@code verbosity} counts its -v. */
  static void forCommand(int verbosity) {
    if (verbosity > 0) {
      Level level = verbosity > 1 ? Level.DEBUG : Level.INFO;
      configure(context(), level, "System.err", COMMAND_PATTERN);
    }
  }

  /** For a service; takes in what libraries log by java.util.logging. */
  static void forService(Enum<?> level) {
    configure(context(), Level.valueOf(level.name()), "System.out", SERVICE_PATTERN);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** The level that the option or the environment gives; none if neither does. */
  static List<ConfigOverride> override(Enum<?> option, Environment environment) {
    if (option != null) {
      String text = option.name().toLowerCase(Locale.ROOT);
      return List.of(new ConfigOverride("log.level", text, "option --log-level"));
    }
    Optional<String> variable = environment.find(LEVEL_VARIABLE);
    return variable
        .map(
            text -> List.of(new ConfigOverride("log.level", text, "environment " + LEVEL_VARIABLE)))
        .orElse(List.of());
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static void configure(LoggerContext context, Level level, String stream, String pattern) {
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget(stream);
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    // At DEBUG the transport prints every frame, and with it what is backed up.
    context.getLogger("io.grpc").setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
    context.getLogger("io.netty").setLevel(Level.WARN);
    // It warns that a Unix socket has no TCP keep-alive, which grpc asks for on every channel.
    context.getLogger("io.netty.bootstrap").setLevel(Level.ERROR);
  }
}
