/**
 * Which runs are to begin now.
 *
 * <p>Owns the {@link io.holdfast.coordinator.schedule.plan.Planner} and the name of a run, {@link
 * io.holdfast.coordinator.schedule.plan.RunKey}: policy, data class, host and nominal time. The
 * planner is a function of the time, the duties and the journalled last run of each series; no
 * thread, no memory.
 *
 * <p><b>No run lost, none doubled</b>, through restarts of coordinators and agents, follows from
 * four facts:
 *
 * <ol>
 *   <li>An order is journalled (series, nominal time, attempt) before it is sent, and the planner
 *       is asked with what is journalled. A coordinator that stops before the record begins
 *       nothing, and the next one finds the run still due; one that stops after it leaves a run
 *       that is ORDERED, for which the planner never gives a turn.
 *   <li>Nominal times only rise: a first attempt is for a later one than any journalled, another
 *       attempt only after FAILED or VANISHED. So two orders never bear the same name, whatever the
 *       clock does, however a schedule is edited, and whoever leads: two leaders can't both append.
 *   <li>Ids of job and run are hashes of the name. An order sent twice is one job to the agent, and
 *       a run whose host commits it twice is one snapshot.
 *   <li>What is due stays due until it is journalled: missed slots aren't queued anywhere, they are
 *       found again from the timetable. Of several the last one runs; how long after its time is
 *       the schedule's {@link io.holdfast.coordinator.schedule.CatchUp}.
 * </ol>
 *
 * <p>What the caller owes: every ORDERED comes to ENDED or FAILED at last. The order's expiry and
 * the agent's claims at its next connection see to that.
 *
 * <p>Must never: take a place from a job that runs, begin a run outside its windows, or let what it
 * answers depend on anything but its arguments.
 *
 * <p>Threads: any. Files: none. Tests: {@code PlannerTest} by name; {@code PlannerSimulationTest}
 * stops coordinators between all steps, under a seed.
 */
package io.holdfast.coordinator.schedule.plan;
