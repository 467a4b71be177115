/**
 * Which hosts lack what their policies promise: absence is computed here and never reported by a
 * host.
 *
 * <p>Owns what is expected of each series (one data class on one host, {@link
 * io.holdfast.coordinator.absence.Expectation}), until when ({@link
 * io.holdfast.coordinator.absence.Deadline}), what there is instead ({@link
 * io.holdfast.coordinator.absence.EvidenceBook}), how long it would take to have that back ({@link
 * io.holdfast.coordinator.absence.RestoreForecasts}), and the report and the alarms that follow
 * ({@link io.holdfast.coordinator.absence.Absence}).
 *
 * <p><b>What counts.</b> The newest good snapshot of the series: one that its schedule ordered, or
 * any of the same files. Not counted are snapshots with more gaps than the data class allows,
 * damaged ones, and those that should have been proven by now and aren't. A snapshot is as old as
 * the beginning of its reading.
 *
 * <p><b>When it is too late.</b> If the data class has an rpo, once the newest good snapshot is
 * older. Otherwise once a run of its schedule can't come any more: its time on this host (spread
 * included), as long as it is made up for and tried again, but no longer than until the next run's
 * time, and half as long again as the last one took. What is made up for always is waited for one
 * day: somebody who wants to know sooner, or later, writes an rpo.
 *
 * <p><b>From when on.</b> A host owes nothing from before it enrolled, from before its labels or
 * facts took it into the policy, or from before a version of the policy that changed its schedule
 * or its source or took the host in. Other edits change nothing, so that nobody silences an alarm
 * by editing a description; a host that leaves a policy and comes back was unprotected in between.
 *
 * <p><b>How long a restore takes</b> is told where a data class has an rto: all bytes of the newest
 * good snapshot at the speed of the last restores to the host, else to any ({@link
 * io.holdfast.coordinator.job.RestoreSpeeds}). If it is too long that is a warning: the host is
 * protected, and it is a forecast. Where no restore was measured nothing is judged, and said so.
 *
 * <p>Must never: take a host's word for how it is protected, nor its clock; remember anything that
 * can't be found out again, but since when a host is away, which no record tells.
 *
 * <p>Threads: one at a time, which {@code Absence} sees to. Files: none. Costs: one look-up a host
 * and two a series, each time; the first time all snapshots are read through. Tests: {@code
 * DeadlineTest} moves time over the rules; {@code AbsenceTest} over a real catalog.
 */
package io.holdfast.coordinator.absence;
