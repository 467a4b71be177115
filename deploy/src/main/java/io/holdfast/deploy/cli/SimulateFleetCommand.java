package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.simulate.SimulatedFleet;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "fleet",
    description = {
      "Run many agents in this process against the coordinator on this machine, to see what it"
          + " bears.",
      "They enrol under the names sim-0, sim-1 and so on with the label simulated=yes, and are"
          + " hosts like any others: use a coordinator of its own. Each has a few files of its own"
          + " below DIR/hosts, of which one changes every minute: apply a policy that includes"
          + " DIR/hosts for matchLabels {simulated: \"yes\"}, and watch `holdfast status` and the"
          + " metrics."
    })
final class SimulateFleetCommand extends AdminCommand {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration TELL = Duration.ofSeconds(5);
  private static final Duration CHANGE = Duration.ofMinutes(1);
  private static final int TOKEN_SECONDS = 3_600;

  @Option(
      names = "--agents",
      paramLabel = "N",
      required = true,
      description = "How many. Each takes a connection and about a third of a MiB here.")
  private int agents;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "Where the simulated hosts lie. What an earlier run left there is taken up.")
  private Path directory;

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "8",
      description = "Files of each host (default: ${DEFAULT-VALUE}).")
  private int files;

  @Option(
      names = "--file-size",
      paramLabel = "SIZE",
      defaultValue = "8 KiB",
      description = "Size of each of them (default: ${DEFAULT-VALUE}).")
  private String fileSize;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = DurationOption.class,
      description = "Then it ends by itself (default: until it is interrupted).")
  private Duration time;

  private final AtomicBoolean interrupted = new AtomicBoolean();
  private long startedNanos;
  private long toldNanos;
  private long changedNanos;

  /** Since when not all are connected. */
  private long incompleteNanos;

  private boolean complete;

  SimulateFleetCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if (agents < 1 || files < 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "a fleet has at least one host, and a host one file");
    }
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    SimulatedFleet.Size size =
        new SimulatedFleet.Size(agents, files, (int) DataSize.parse(fileSize).bytes());
    Path where = directory.toAbsolutePath().normalize();
    try (SimulatedFleet fleet =
            new SimulatedFleet(where, size, shell().time(), Randomness.secure());
        var _ = shell().interrupts().onInterrupt(() -> interrupted.set(true))) {
      fleet.enrol(name -> token(link, name), done -> tellEnrolled(done, output));
      startedNanos = shell().time().nanos();
      incompleteNanos = startedNanos;
      fleet.start();
      watch(fleet, output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private String token(AdminLink link, String name) {
    return link.createToken(
            CreateTokenRequest.newBuilder()
                .setHostName(name)
                .setValidSeconds(TOKEN_SECONDS)
                .build())
        .getToken();
  }

  private void tellEnrolled(int done, Output output) {
    long now = shell().time().nanos();
    if (done == agents || now - toldNanos >= TELL.toNanos()) {
      toldNanos = now;
      output.line("enrolled " + done + " of " + agents);
      output.flush();
    }
  }

  private void watch(SimulatedFleet fleet, Output output) throws InterruptedException {
    changedNanos = startedNanos;
    while (!interrupted.get() && !isOver()) {
      fleet.sleep(LOOK);
      long now = shell().time().nanos();
      look(fleet.connected(), now, output);
      if (now - changedNanos >= CHANGE.toNanos()) {
        changedNanos = now;
        fleet.change();
      }
    }
  }

  private boolean isOver() {
    return time != null && shell().time().nanos() - startedNanos >= time.toNanos();
  }

  private void look(int connected, long now, Output output) {
    if (connected < agents && complete) {
      complete = false;
      incompleteNanos = now;
    } else if (connected == agents && !complete) {
      complete = true;
      output.line(
          "all " + agents + " connected after " + Durations.rounded(took(incompleteNanos, now)));
    } else if (now - toldNanos < TELL.toNanos()) {
      return;
    } else {
      output.line("connected " + connected + " of " + agents);
    }
    toldNanos = now;
    output.flush();
  }

  private static Duration took(long since, long now) {
    return Duration.ofNanos(now - since);
  }
}
