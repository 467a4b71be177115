package io.holdfast.deploy.link;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.TlsFailure;
import java.time.Duration;

/** What it means when a coordinator elsewhere doesn't answer. */
final class RemoteErrors extends LinkErrors {
  private final HostPort at;

  RemoteErrors(HostPort at) {
    this.at = at;
  }

  @Override
  HoldfastException explain(RuntimeException failure, Duration patience) {
    return TlsFailure.explain(at.toString(), failure)
        .orElseGet(() -> super.explain(failure, patience));
  }

  @Override
  String peer() {
    return "coordinator at " + at;
  }

  @Override
  String nobody() {
    return "nobody answers at "
        + at
        + ": check the address, that the coordinator runs, and that its configuration has"
        + " admin.listen";
  }
}
