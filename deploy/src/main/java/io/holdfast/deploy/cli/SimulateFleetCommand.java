package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.unit.DataSize;
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
          + " metrics.",
      "Each agent takes two open files. Where a process may not have so many (ulimit -n), run"
          + " several with the same DIR, each with a --first of its own.",
      "With --json there is a line for each change of how many are connected, with its time."
    })
final class SimulateFleetCommand extends AdminCommand {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration CHANGE = Duration.ofMinutes(1);
  private static final int TOKEN_SECONDS = 3_600;

  @Option(
      names = "--agents",
      paramLabel = "N",
      required = true,
      description = "How many. Each takes a connection and about a third of a MiB here.")
  private int agents;

  @Option(
      names = "--first",
      paramLabel = "N",
      defaultValue = "0",
      description = "Number of the first (default: ${DEFAULT-VALUE}).")
  private int first;

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

  SimulateFleetCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if (agents < 1 || files < 1 || first < 0) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a fleet has at least one host, and a host one file; hosts are numbered from 0");
    }
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    SimulatedFleet.Size size =
        new SimulatedFleet.Size(first, agents, files, (int) DataSize.parse(fileSize).bytes());
    Path where = directory.toAbsolutePath().normalize();
    FleetTold told = new FleetTold(agents, shell().time(), output);
    try (SimulatedFleet fleet =
            new SimulatedFleet(where, size, shell().time(), Randomness.secure());
        var _ = shell().interrupts().onInterrupt(() -> interrupted.set(true))) {
      fleet.enrol(name -> token(link, name), told::enrolled);
      fleet.start();
      watch(fleet, told);
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

  /** Files change a few hosts at a time, so that none of it comes all at once. */
  private void watch(SimulatedFleet fleet, FleetTold told) throws InterruptedException {
    long began = shell().time().nanos();
    long changed = 0;
    told.started();
    while (!interrupted.get() && !isOver(began)) {
      fleet.sleep(LOOK);
      told.connected(fleet.connected());
      long due = (shell().time().nanos() - began) / (CHANGE.toNanos() / agents);
      fleet.change((int) Math.min(agents, due - changed));
      changed = due;
    }
  }

  private boolean isOver(long began) {
    return time != null && shell().time().nanos() - began >= time.toNanos();
  }
}
