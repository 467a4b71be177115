package io.holdfast.deploy.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.CoordinatorNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A coordinator or an agent in a process whose clock is ahead of the machine's, for what takes days
 * in truth. It is made to be killed: {@code ROLE CONFIG AHEAD}.
 */
final class LaterMain {
  private LaterMain() {}

  /** The machine's clocks, the date later. */
  private record Later(Time machine, Duration ahead) implements Time {
    @Override
    public Instant now() {
      return machine.now().plus(ahead);
    }

    @Override
    public long nanos() {
      return machine.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      machine.sleep(duration);
    }
  }

  public static void main(String[] arguments) throws Exception {
    logAsServicesDo();
    String text = Files.readString(Path.of(arguments[1]));
    Time time = new Later(Time.system(), Duration.parse(arguments[2]));
    if (arguments[0].equals("agent")) {
      AgentNode.start(parse(AgentConfig.class, text), time, Randomness.secure()).awaitEnd();
    } else {
      CoordinatorNode.start(parse(CoordinatorConfig.class, text), time, Randomness.secure())
          .awaitEnd();
    }
  }

  /** Tests wait for what a service says of itself. */
  private static void logAsServicesDo() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.INFO);
  }

  private static <T extends Record> T parse(Class<T> type, String text) {
    return new ConfigLoader<>(type, name -> Optional.empty())
        .parse("test", text, List.of())
        .value();
  }
}
