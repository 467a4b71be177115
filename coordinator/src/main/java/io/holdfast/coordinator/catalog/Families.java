package io.holdfast.coordinator.catalog;

import io.holdfast.coordinator.catalog.store.Family;
import java.util.List;

/**
 * The catalog's families. Numbers are stored and never reused (13 was the newest snapshot of each
 * source set); what a key and a value hold is drawn in {@link Keys} and in the row types.
 */
final class Families {
  static final Family META = new Family(1, "meta", 0);
  static final Family INDEX = new Family(2, "index", Keys.INDEX_PREFIX_BYTES);
  static final Family PACK_NUMBERS = new Family(3, "pack_numbers", 0);
  static final Family PACKS = new Family(4, "packs", 0);
  static final Family PACK_STATES = new Family(5, "pack_states", 0);
  static final Family PACK_OWNERS = new Family(6, "pack_owners", 0);
  static final Family PAGE_CHECKS = new Family(7, "page_checks", 0);
  static final Family LOSSES = new Family(8, "losses", 0);
  static final Family SNAPSHOTS = new Family(9, "snapshots", 0);
  static final Family SNAPSHOT_ORDER = new Family(10, "snapshot_order", 0);
  static final Family SNAPSHOT_PROOFS = new Family(11, "snapshot_proofs", 0);
  static final Family RUNS = new Family(12, "runs", 0);
  static final Family SESSIONS = new Family(14, "sessions", 0);
  static final Family HOSTS = new Family(15, "hosts", 0);
  static final Family REVOCATIONS = new Family(16, "revocations", 0);
  static final Family TOKENS = new Family(17, "tokens", 0);
  static final Family TOKEN_USES = new Family(18, "token_uses", 0);
  static final Family CERTIFICATES = new Family(19, "certificates", 0);
  static final Family GRANTS = new Family(20, "grants", 0);
  static final Family CHECKPOINTS = new Family(21, "checkpoints", 0);
  static final Family JOBS = new Family(22, "jobs", 0);
  static final Family JOB_ENDS = new Family(23, "job_ends", 0);
  static final Family JOB_ORDER = new Family(24, "job_order", 0);
  static final Family JOB_AGES = new Family(25, "job_ages", 0);
  static final Family OPEN_JOBS = new Family(26, "open_jobs", 0);
  static final Family POLICIES = new Family(27, "policies", 0);
  static final Family POLICY_VERSIONS = new Family(28, "policy_versions", 0);
  static final Family SOURCE_SETS = new Family(29, "source_sets", 0);
  static final Family DELETED_SNAPSHOTS = new Family(30, "deleted_snapshots", 0);
  static final Family TOMBSTONES = new Family(31, "tombstones", 0);
  static final Family HOST_LIVES = new Family(32, "host_lives", 0);
  static final Family HOLDS = new Family(33, "holds", 0);
  static final Family HELD_SNAPSHOTS = new Family(34, "held_snapshots", 0);
  static final Family RETENTION_APPROVALS = new Family(35, "retention_approvals", 0);
  static final Family CONDEMNED_PACKS = new Family(36, "condemned_packs", 0);
  static final Family ROOT_ORDER = new Family(37, "root_order", 0);
  static final Family DROPPED_ROOTS = new Family(38, "dropped_roots", 0);
  static final Family PEOPLE = new Family(46, "people", 0);
  static final Family PEOPLE_REMOVED = new Family(47, "people_removed", 0);
  static final Family ACCESS_TOKENS = new Family(48, "access_tokens", 0);
  static final Family ACCESS_TOKENS_REVOKED = new Family(49, "access_tokens_revoked", 0);
  static final Family APPROVALS = new Family(50, "approvals", 0);
  static final Family AUDITS = new Family(51, "audits", 0);
  static final Family HOST_NAMES = new Family(52, "host_names", 0);
  static final Family SERIES = new Family(53, "series", 0);
  static final Family JOB_RUNS = new Family(54, "job_runs", 0);
  static final Family PACK_READS = new Family(55, "pack_reads", 0);
  static final Family READ_ORDER = new Family(56, "read_order", 0);
  static final Family PACK_SHARES = new Family(57, "pack_shares", 0);
  static final Family HOST_BYTES = new Family(58, "host_bytes", 0);
  static final Family HOST_QUOTAS = new Family(59, "host_quotas", 0);
  static final Family HOSTS_DECOMMISSIONED = new Family(60, "hosts_decommissioned", 0);
  static final Family HOSTS_REPLACED = new Family(61, "hosts_replaced", 0);
  static final Family HOSTS_ERASED = new Family(70, "hosts_erased", 0);
  static final Family HOST_KEYS_SEALED = new Family(80, "host_keys_sealed", 0);
  static final Family HOST_ROOTS = new Family(85, "host_roots", 0);
  static final Family HOST_MOVES = new Family(90, "host_moves", 0);
  static final Family HOSTS_MOVED = new Family(91, "hosts_moved", 0);

  static final Family VOID_NAMES = new Family(95, "void_names", 0);

  /** All of them, by number. */
  static final List<Family> ALL =
      List.of(
          META,
          INDEX,
          PACK_NUMBERS,
          PACKS,
          PACK_STATES,
          PACK_OWNERS,
          PAGE_CHECKS,
          LOSSES,
          SNAPSHOTS,
          SNAPSHOT_ORDER,
          SNAPSHOT_PROOFS,
          RUNS,
          SESSIONS,
          HOSTS,
          REVOCATIONS,
          TOKENS,
          TOKEN_USES,
          CERTIFICATES,
          GRANTS,
          CHECKPOINTS,
          JOBS,
          JOB_ENDS,
          JOB_ORDER,
          JOB_AGES,
          OPEN_JOBS,
          POLICIES,
          POLICY_VERSIONS,
          SOURCE_SETS,
          DELETED_SNAPSHOTS,
          TOMBSTONES,
          HOST_LIVES,
          HOLDS,
          HELD_SNAPSHOTS,
          RETENTION_APPROVALS,
          CONDEMNED_PACKS,
          ROOT_ORDER,
          DROPPED_ROOTS,
          PEOPLE,
          PEOPLE_REMOVED,
          ACCESS_TOKENS,
          ACCESS_TOKENS_REVOKED,
          APPROVALS,
          AUDITS,
          HOST_NAMES,
          SERIES,
          JOB_RUNS,
          PACK_READS,
          READ_ORDER,
          PACK_SHARES,
          HOST_BYTES,
          HOST_QUOTAS,
          HOSTS_DECOMMISSIONED,
          HOSTS_REPLACED,
          HOSTS_ERASED,
          HOST_KEYS_SEALED,
          HOST_ROOTS,
          HOST_MOVES,
          HOSTS_MOVED,
          VOID_NAMES);

  private Families() {}
}
