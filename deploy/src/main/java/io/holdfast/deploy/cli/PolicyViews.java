package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Policy;
import io.holdfast.proto.wire.v1.PolicyChange;
import io.holdfast.proto.wire.v1.PolicyChangeKind;
import io.holdfast.proto.wire.v1.PolicyOutcome;

/** Policies and their changes, as fields and words. */
final class PolicyViews {
  private PolicyViews() {}

  static Fields fields(Policy policy) {
    return new Fields()
        .text("policy", policy.getName())
        .count("version", policy.getVersion())
        .time("applied", policy.getAppliedMillis())
        .text("actor", policy.getActor())
        .texts("data_classes", policy.getDataClassesList())
        .count("hosts", policy.getHosts());
  }

  /** What was changed, or would be. */
  static void show(PolicyOutcome outcome, Output output) {
    for (PolicyChange change : outcome.getChangesList()) {
      if (output.isJson()) {
        output.json("policy", fields(change));
      } else {
        show(change, output);
      }
    }
    outcome.getWarningsList().forEach(warning -> output.warning(SafeText.of(warning)));
  }

  private static void show(PolicyChange change, Output output) {
    output.line("policy " + SafeText.of(change.getName()) + " " + word(change.getKind()));
    change.getFieldsList().forEach(field -> output.line("  " + SafeText.of(field)));
    change
        .getShorteningsList()
        .forEach(text -> output.line("  snapshots may go: " + SafeText.of(text)));
  }

  private static Fields fields(PolicyChange change) {
    return new Fields()
        .text("policy", change.getName())
        .text("change", word(change.getKind()))
        .texts("fields", change.getFieldsList())
        .texts("shortenings", change.getShorteningsList());
  }

  private static String word(PolicyChangeKind kind) {
    return switch (kind) {
      case POLICY_CHANGE_KIND_CREATED -> "created";
      case POLICY_CHANGE_KIND_CHANGED -> "changed";
      case POLICY_CHANGE_KIND_UNCHANGED -> "unchanged";
      case POLICY_CHANGE_KIND_DELETED -> "deleted";
      case POLICY_CHANGE_KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }
}
