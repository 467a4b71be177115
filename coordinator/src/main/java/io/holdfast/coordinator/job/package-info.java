/**
 * What hosts are told to do: one control session a host, orders down, progress and results up.
 *
 * <p>Owns: the registry of control sessions and jobs ({@link io.holdfast.coordinator.job.Jobs}),
 * the making of orders ({@link io.holdfast.coordinator.job.Orders}), what watchers see of a job
 * ({@link io.holdfast.coordinator.job.JobWatch}), and the loop that notices silence ({@link
 * io.holdfast.coordinator.job.Patrol}).
 *
 * <p>Must never: send an order that its record doesn't precede where it writes on a host or grants
 * a read; send one without authority and expiry; take a report about a job from another host than
 * the job's; keep two sessions of one host.
 *
 * <p>Progress and running jobs are in memory only: they never enter the journal. After a restart of
 * the coordinator the agents claim their jobs when they connect.
 *
 * <p>Threads: everything may be used by any thread; {@code connect} may wait some seconds for the
 * session before. One thread runs the patrol. Files: none.
 *
 * <p>Tests: {@code JobsTest} moves time by hand; {@code rpc.ControlServiceTest} does the same over
 * real connections.
 */
package io.holdfast.coordinator.job;
