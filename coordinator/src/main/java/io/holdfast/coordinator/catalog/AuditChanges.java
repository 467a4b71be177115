package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.Change;

/** Remembers which records say what a person did, so that the journal isn't read for them. */
final class AuditChanges {
  private static final byte[] NOTHING = {};

  private AuditChanges() {}

  static void note(Change change, Effects effects) {
    if (saysWhoDidWhat(change)) {
      effects.put(Families.AUDITS, Keys.audit(effects.timeMillis(), effects.seq()), NOTHING);
    }
  }

  /** Orders of a schedule are nobody's act, and many. */
  private static boolean saysWhoDidWhat(Change change) {
    return switch (change.getChangeCase()) {
      case AUDIT, POLICY_APPLIED, POLICY_DELETED -> true;
      case JOB_ORDERED -> !change.getJobOrdered().hasScheduled();
      default -> false;
    };
  }
}
