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
  static final Family APPROVALS = new Family(35, "approvals", 0);

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
          APPROVALS);

  private Families() {}
}
