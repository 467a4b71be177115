/**
 * Policies become jobs: who is in which data class, what is due, what the host is told.
 *
 * <p>Owns the round that begins runs ({@link io.holdfast.coordinator.dispatch.ScheduleRounds}), the
 * form that a policy's source takes in an order ({@code BackupOrders}), and the look ahead ({@link
 * io.holdfast.coordinator.dispatch.Preview}).
 *
 * <p>That no run is lost and none doubled is argued in {@link
 * io.holdfast.coordinator.schedule.plan}; this package gives the planner what is journalled, and
 * the catalog refuses an order that isn't for a later run or attempt of its series. A run that was
 * journalled and not sent, because the coordinator stopped between, is taken up with the other open
 * jobs at the next start, fails as vanished, and is tried again as the policy says.
 *
 * <p>A data class keeps its times through versions of its policy that don't change them: what is
 * due stays due. A run of a series commits once, whatever its attempts, since they have the run id
 * in common; a snapshot is a scheduled one by this coordinator's word only, and only if it is of
 * the source set that was ordered.
 *
 * <p>Must never: order what isn't in the journal; remember what is due; begin anything by what it
 * remembers of ended attempts without reading it again; let one host that can't be told keep the
 * others from being told.
 *
 * <p>Costs: a round of ten thousand series that rest is ten thousand look-ups in memory, some
 * milliseconds; every {@code Assignments.KEPT} all hosts, and each series' last attempt, are read
 * anew.
 *
 * <p>Threads: one makes the rounds; queue and preview may be asked by any. Files: none. Tests:
 * {@code ScheduleRoundsTest} moves time by hand and restarts the coordinator between.
 */
package io.holdfast.coordinator.dispatch;
