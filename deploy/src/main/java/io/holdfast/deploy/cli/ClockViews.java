package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.Clock;

/** The coordinator's clock, as fields. */
final class ClockViews {
  private ClockViews() {}

  static Fields fields(Clock clock) {
    return new Fields()
        .time("now", clock.getNowMillis())
        .flag("trusted", clock.getTrusted())
        .text("doubt", clock.getDoubt());
  }
}
