package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.HostSorted;

/** What hosts are sorted by, as fields and words. */
final class HostViews {
  private HostViews() {}

  /** Operating system and architecture, as far as they are known. */
  static String system(HostFacts facts) {
    return (facts.getOperatingSystem() + " " + facts.getArchitecture()).strip();
  }

  /** What counts of a host, which policies are for it, and what changed by that, or would. */
  static void show(HostSorted host, Output output) {
    output.result(
        "host_sorted",
        new Fields()
            .id("host", host.getHost())
            .text("name", host.getName())
            .flag("changed", host.getChanged())
            .text("system", system(host.getFacts()))
            .text("agent_version", host.getFacts().getVersion())
            .labels("labels", host.getFacts().getLabelsMap())
            .texts("policies", host.getPoliciesList())
            .texts("begun", host.getBegunList())
            .texts("ended", host.getEndedList())
            .texts("shortenings", host.getShorteningsList()));
    host.getWarningsList().forEach(warning -> output.warning(SafeText.of(warning)));
    if (host.getPoliciesList().isEmpty()) {
      output.warning("no policy is for " + SafeText.of(host.getName()));
    }
  }
}
