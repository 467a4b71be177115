package io.holdfast.common.error;

/**
 * Every error Holdfast reports across a package border, numbered in blocks by concern. Numbers are
 * part of the wire and of `--json` output: never reused, never renumbered.
 */
public enum ErrorCode {
  // 1xx: input and configuration
  INVALID_ARGUMENT(100, ErrorKind.INVALID),
  INVALID_CONFIGURATION(101, ErrorKind.INVALID),
  MESSAGE_TOO_LARGE(102, ErrorKind.INVALID),
  PATH_UNSAFE(103, ErrorKind.INVALID),
  TARGET_NOT_ALLOWED(104, ErrorKind.DENIED),

  // 2xx: identity and keys
  NOT_ENROLLED(200, ErrorKind.UNAUTHENTICATED),
  TOKEN_INVALID(201, ErrorKind.UNAUTHENTICATED),
  TOKEN_EXPIRED(202, ErrorKind.UNAUTHENTICATED),
  TOKEN_USED(203, ErrorKind.UNAUTHENTICATED),
  CERTIFICATE_INVALID(204, ErrorKind.UNAUTHENTICATED),
  CERTIFICATE_EXPIRED(205, ErrorKind.UNAUTHENTICATED),
  HOST_REVOKED(206, ErrorKind.DENIED),
  NOT_AUTHORISED(207, ErrorKind.DENIED),
  PASSPHRASE_WRONG(208, ErrorKind.UNAUTHENTICATED),
  KEY_UNAVAILABLE(209, ErrorKind.NOT_FOUND),
  SIGNATURE_INVALID(210, ErrorKind.CORRUPT),

  // 3xx: formats
  UNKNOWN_VERSION(300, ErrorKind.INVALID),
  MALFORMED(301, ErrorKind.CORRUPT),
  CHUNK_CORRUPT(302, ErrorKind.CORRUPT),
  CHUNK_ID_MISMATCH(303, ErrorKind.CORRUPT),
  PAGE_CORRUPT(304, ErrorKind.CORRUPT),
  PACK_CORRUPT(305, ErrorKind.CORRUPT),
  LIMIT_EXCEEDED(306, ErrorKind.CORRUPT),

  // 4xx: vault
  VAULT_UNAVAILABLE(400, ErrorKind.RETRY),
  VAULT_FULL(401, ErrorKind.EXHAUSTED),
  VAULT_UNSUITABLE(402, ErrorKind.INVALID),
  VAULT_FOREIGN(403, ErrorKind.INVALID),
  OBJECT_NOT_FOUND(404, ErrorKind.NOT_FOUND),
  OBJECT_EXISTS(405, ErrorKind.CONFLICT),
  VAULT_OUTCOME_UNKNOWN(406, ErrorKind.RETRY),
  VAULT_SYNC_FAILED(407, ErrorKind.RETRY),

  // 5xx: journal and leadership
  FENCED(500, ErrorKind.FENCED),
  NOT_LEADER(501, ErrorKind.FENCED),
  JOURNAL_DAMAGED(502, ErrorKind.CORRUPT),
  JOURNAL_ROLLED_BACK(503, ErrorKind.CORRUPT),
  LEADERSHIP_HELD(504, ErrorKind.RETRY),

  // 6xx: catalog
  CATALOG_DAMAGED(600, ErrorKind.CORRUPT),
  CATALOG_BEHIND(601, ErrorKind.RETRY),

  // 7xx: sessions, commit, read; from 730 on people and what they may do
  SESSION_CLOSED(700, ErrorKind.CONFLICT),
  REFERENCES_MISSING(701, ErrorKind.CONFLICT),
  POSSESSION_NOT_SHOWN(702, ErrorKind.DENIED),
  SNAPSHOT_NOT_FOUND(703, ErrorKind.NOT_FOUND),
  CHUNK_NOT_FOUND(704, ErrorKind.NOT_FOUND),
  PAGE_NOT_REACHABLE(705, ErrorKind.DENIED),
  HOST_NOT_FOUND(706, ErrorKind.NOT_FOUND),
  HOST_NOT_CONNECTED(707, ErrorKind.RETRY),
  JOB_NOT_FOUND(708, ErrorKind.NOT_FOUND),
  JOB_CANCELLED(709, ErrorKind.CONFLICT),
  ORDER_EXPIRED(710, ErrorKind.DENIED),
  PATH_NOT_FOUND(711, ErrorKind.NOT_FOUND),
  SNAPSHOT_AMBIGUOUS(712, ErrorKind.INVALID),
  POLICY_NOT_FOUND(713, ErrorKind.NOT_FOUND),
  CONFIRMATION_REQUIRED(714, ErrorKind.CONFLICT),
  CONSENT_MISSING(715, ErrorKind.DENIED),
  QUOTA_EXCEEDED(716, ErrorKind.EXHAUSTED),
  PERSON_NOT_FOUND(730, ErrorKind.NOT_FOUND),
  PERSON_EXISTS(731, ErrorKind.CONFLICT),
  ACCESS_TOKEN_INVALID(732, ErrorKind.UNAUTHENTICATED),
  ACCESS_TOKEN_EXPIRED(733, ErrorKind.UNAUTHENTICATED),
  APPROVAL_REQUIRED(734, ErrorKind.CONFLICT),
  APPROVAL_NOT_FOUND(735, ErrorKind.NOT_FOUND),
  APPROVAL_CLOSED(736, ErrorKind.CONFLICT),
  NOTIFICATION_FAILED(737, ErrorKind.RETRY),

  // 8xx: sources and restore on the host
  SOURCE_UNREADABLE(800, ErrorKind.NOT_FOUND),
  TARGET_UNWRITABLE(801, ErrorKind.EXHAUSTED),
  TARGET_CONFLICT(802, ErrorKind.CONFLICT),
  DISK_FULL(803, ErrorKind.EXHAUSTED),

  // 9xx: everything else
  UNAVAILABLE(900, ErrorKind.RETRY),
  BUSY(901, ErrorKind.RETRY),
  CANCELLED(902, ErrorKind.CONFLICT),
  IO(903, ErrorKind.RETRY),
  INTERNAL(999, ErrorKind.INTERNAL);

  private final int number;
  private final ErrorKind kind;

  ErrorCode(int number, ErrorKind kind) {
    this.number = number;
    this.kind = kind;
  }

  public int number() {
    return number;
  }

  public ErrorKind kind() {
    return kind;
  }
}
