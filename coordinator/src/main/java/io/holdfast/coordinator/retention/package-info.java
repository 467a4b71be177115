/**
 * Retention: which snapshots of a source set of a host are kept, why, and which expire.
 *
 * <p>Owns the rules ({@link io.holdfast.coordinator.retention.RetentionRules}), their judgement
 * over a history ({@link io.holdfast.coordinator.retention.RetentionPlan}), the brakes that stop it
 * ({@link io.holdfast.coordinator.retention.Brake}), which changes of rules may keep less ({@link
 * io.holdfast.coordinator.retention.RetentionChange}), and the life of a snapshot up to its drop
 * ({@link io.holdfast.coordinator.retention.Life}). Pure: no clock, no journal, no catalog; the
 * acts are {@code prune}'s.
 *
 * <p>How it judges. A good snapshot (complete or with few gaps, proven or, where no key is,
 * checked, not suspect, not deleted) may stand for its bucket: its hour, day, week, month, year, or
 * the moment it stands for. The first one there does, and nothing that comes later displaces it. A
 * rule keeps one for each of the newest so many buckets that have a good one; empty buckets aren't
 * counted, so time that merely passes expires nothing. What doesn't count is kept until something
 * good stands in its place, or the rule's number of buckets is newer. Each rank ({@link
 * io.holdfast.coordinator.retention.Rank}) is judged as if the higher ones didn't exist: what a
 * host does by itself never displaces what was scheduled, nor another site what is done here. Below
 * all lies a floor: what isn't older than {@code within} before the newest good one is kept.
 *
 * <p>What the rules deleted comes back, as long as it has its undo, where nothing stands any more.
 *
 * <p>Must never: take a time from a host; count a deletion done or a bucket kept by what isn't
 * good; expire anything under a brake; hold a list of snapshots.
 *
 * <p>Brakes stop expiry and drops, and nothing else: a doubted clock, an abnormal number of
 * unscheduled snapshots, a decision that takes more than half. The first ends by itself, the others
 * by deleting or by an approval of amounts.
 *
 * <p>Threads: none. Files: none. Tests: {@code RetentionExamplesTest} reads as the manual, with
 * where restic and borg differ; {@code RetentionPropertiesTest} compares random histories with a
 * judge that counts everything anew, and holds the claims; {@code RetentionAttackTest} has the
 * attacks by name.
 */
package io.holdfast.coordinator.retention;
