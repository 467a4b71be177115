/**
 * What hosts are told to do: one control session a host, orders down, progress and results up.
 *
 * <p>Owns: the registry of control sessions and jobs ({@link io.holdfast.coordinator.job.Jobs}),
 * the making of orders ({@link io.holdfast.coordinator.job.Orders}, and those to go to another
 * repository, {@link io.holdfast.coordinator.job.MoveOrders}, or to begin anew in this one, {@link
 * io.holdfast.coordinator.job.KeyRenewals}), what watchers see of a job ({@link
 * io.holdfast.coordinator.job.JobWatch}), the loop that notices silence ({@link
 * io.holdfast.coordinator.job.Patrol}), and how fast restores were ({@link
 * io.holdfast.coordinator.job.RestoreSpeeds}).
 *
 * <p>Must never: send an order that its record doesn't precede; send one without authority and
 * expiry; take a report about a job from another host than the job's; keep two sessions of one
 * host.
 *
 * <p>An order is in the journal before it is sent, and so is an end that no commit tells ({@code
 * JobRecords}); progress is in memory only. After a restart of the coordinator the jobs without an
 * end are taken up again, and the agents claim theirs when they connect. {@link
 * io.holdfast.coordinator.job.JobBook} shows all of it to operators.
 *
 * <p>Threads: everything may be used by any thread; {@code connect} may wait some seconds for the
 * session before. One thread runs the patrol. Files: none.
 *
 * <p>Tests: {@code JobsTest} moves time by hand; {@code rpc.ControlServiceTest} does the same over
 * real connections.
 */
package io.holdfast.coordinator.job;
