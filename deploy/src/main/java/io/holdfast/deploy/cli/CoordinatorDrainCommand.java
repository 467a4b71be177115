package io.holdfast.deploy.cli;

import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "drain",
    description = {
      "Order nothing more, and wait until what runs has ended: then the coordinator can be stopped"
          + " without cancelling anything.",
      "What falls due meanwhile is made up for afterwards. A restart ends it, too.",
      "Exit codes: 0 nothing runs any more, 11 jobs still run."
    })
final class CoordinatorDrainCommand extends AdminCommand {
  private static final Duration PACE = Duration.ofSeconds(1);

  @Option(names = "--off", description = "Order again.")
  private boolean off;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationOption.class,
      description = "How long to wait for what runs (default: ${DEFAULT-VALUE}); 0s not at all.")
  private Duration wait;

  private final AtomicBoolean interrupted = new AtomicBoolean();

  CoordinatorDrainCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    int running = link.setDraining(!off);
    if (!off) {
      running = await(running, link, output);
    }
    output.result("draining", new Fields().flag("draining", !off).count("jobs_running", running));
    return off || running == 0 ? ExitCode.OK : ExitCode.TRY_AGAIN;
  }

  private int await(int first, AdminLink link, Output output) {
    int running = first;
    long until = shell().time().nanos() + wait.toNanos();
    if (running > 0 && !wait.isZero()) {
      output.note(
          "waiting up to "
              + Durations.exact(wait)
              + " for "
              + PeopleText.count(running, "job")
              + "; interrupting leaves it drained");
    }
    try (var _ = shell().interrupts().onInterrupt(() -> interrupted.set(true))) {
      while (running > 0 && !interrupted.get() && shell().time().nanos() < until) {
        shell().time().sleep(PACE);
        running = link.setDraining(true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return running;
  }
}
