import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.CoordinatorNode;
import io.holdfast.coordinator.node.Founding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * A coordinator whose clock is behind, so that a day's wait is over for the one that is started by
 * the launcher after it.
 *
 * <p>Arguments: HOURS CONFIG PASSPHRASE_FILE. Founds the repository, and runs until it is told to
 * stop.
 */
final class Earlier {
  private Earlier() {}

  public static void main(String[] arguments) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    Time time = new Behind(Duration.ofHours(Long.parseLong(arguments[0])));
    Randomness randomness = Randomness.secure();
    CoordinatorConfig config =
        new ConfigLoader<>(CoordinatorConfig.class, name -> Optional.empty())
            .load(Path.of(arguments[1]), List.of())
            .value();
    try (Passphrase passphrase = Passphrase.readFile(Path.of(arguments[2]))) {
      new Founding(config, time, randomness).make(passphrase);
    }
    CoordinatorNode node = CoordinatorNode.start(config, time, randomness);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              node.close();
              closed.countDown();
            }));
    node.awaitEnd();
    closed.await();
  }

  /** The machine's clocks, of which the one for people is behind. */
  private record Behind(Duration by) implements Time {
    @Override
    public Instant now() {
      return Time.system().now().minus(by);
    }

    @Override
    public long nanos() {
      return Time.system().nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      Time.system().sleep(duration);
    }
  }
}
