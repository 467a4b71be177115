package io.holdfast.coordinator.alarm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong. Words are part of notifications, metrics and JSON: never renamed. */
public enum AlarmKind {
  /** There are hosts and no policy at all. */
  NO_POLICY,
  /** A host that no policy is for. */
  HOST_UNPROTECTED,
  /** A data class whose first good snapshot was due and never came. */
  HOST_NEVER_PROTECTED,
  /** A data class whose newest good snapshot is too old. */
  HOST_OVERDUE,
  /** A host that hasn't been connected for long. */
  HOST_AWAY,
  /** The last run of a data class failed, and no attempt is left. */
  BACKUP_FAILED,
  /** A full restore of a data class would take longer than is promised. */
  RESTORE_TOO_SLOW,
  /** Snapshots lack something that is lost. */
  SNAPSHOTS_DAMAGED,
  /** Snapshots wait to be proven for too long. */
  PROOF_OVERDUE,
  /** Something in the vault wasn't read again in time. */
  REREAD_OVERDUE,
  /** The vault is nearly full, or too full for backups. */
  VAULT_ROOM,
  /** A host fills its quota, or nearly. */
  HOST_QUOTA,
  /** What a host tells of itself waits for a person, since stored snapshots may go by it. */
  HOST_FACTS_WAITING,
  /** Nothing of a host expires, though the rules let it go. */
  RETENTION_FROZEN,
  /** The clock isn't believed, so that nothing expires. */
  CLOCK_DOUBTED,
  /** A sweep leaves something that nothing references, or couldn't come to its end. */
  SWEEP_WAITING,
  /** An act waits for a second person, for its asker, or for somebody to see what became of it. */
  APPROVAL_WAITING,
  /** A certificate that can't renew itself is near its end. */
  CERTIFICATE_EXPIRING,
  /** The journal can't be followed or led. */
  JOURNAL_BLOCKED,
  /** Hosts saw records that this journal lacks: the vault was set back or exchanged. */
  RECORDS_LOST,
  /** A host's identity was in use twice at one time. */
  HOST_CLONED,
  /** Somebody came with an enrolment token that had let another host in. */
  TOKEN_REUSED,
  /** A channel takes no notifications. */
  NOTIFICATION_FAILING;

  /** Such as host_overdue. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Empty for a word of another release. */
  public static Optional<AlarmKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
