package io.holdfast.deploy.cli;

import io.holdfast.common.seam.Time;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.time.Duration;

/**
 * What is told of a simulated fleet: to people now and then, to programs each change. One thread.
 */
final class FleetTold {
  private static final Duration TELL = Duration.ofSeconds(5);

  private final int agents;
  private final Time time;
  private final Output output;
  private long toldNanos;

  /** Since when not all are connected. */
  private long incompleteNanos;

  private boolean complete;
  private int connected = -1;

  FleetTold(int agents, Time time, Output output) {
    this.agents = agents;
    this.time = time;
    this.output = output;
    this.toldNanos = time.nanos();
  }

  /** So many hosts are enrolled. */
  void enrolled(int done) {
    if (done < agents && !isTimeToTell()) {
      return;
    }
    if (output.isJson()) {
      output.json("enrolled", counted(done));
    } else {
      output.line("enrolled " + done + " of " + agents);
    }
    told();
  }

  /** All agents are there, and begin to connect. */
  void started() {
    incompleteNanos = time.nanos();
  }

  /** So many agents are connected just now. */
  void connected(int now) {
    if (output.isJson()) {
      if (now != connected) {
        output.json("connected", counted(now));
      }
      connected = now;
    } else {
      connectedInWords(now);
    }
  }

  private void connectedInWords(int now) {
    if (now < agents && complete) {
      complete = false;
      incompleteNanos = time.nanos();
    } else if (now == agents && !complete) {
      complete = true;
      Duration took = Duration.ofNanos(time.nanos() - incompleteNanos);
      output.line("all " + agents + " connected after " + Durations.rounded(took));
    } else if (isTimeToTell()) {
      output.line("connected " + now + " of " + agents);
    } else {
      return;
    }
    told();
  }

  private Fields counted(int count) {
    return new Fields().time("at", time.now()).count("count", count).count("of", agents);
  }

  private boolean isTimeToTell() {
    return time.nanos() - toldNanos >= TELL.toNanos();
  }

  private void told() {
    toldNanos = time.nanos();
    output.flush();
  }
}
