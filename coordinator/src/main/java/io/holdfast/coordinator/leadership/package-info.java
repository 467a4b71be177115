/**
 * Who leads, as far as one coordinator is concerned: following, going for a term, leading, and
 * giving it up.
 *
 * <p>Owns {@link io.holdfast.coordinator.leadership.Leadership}, the hints that keep coordinators
 * from contending without need ({@link io.holdfast.coordinator.leadership.LeadershipHint}), and the
 * thread that drives them.
 *
 * <p>Must never: take a hint for authority. A term is won by its first record in the journal, and
 * lost by another's; the file lock only says that it is worth a try.
 *
 * <p>Threads: one owner ({@link io.holdfast.coordinator.leadership.LeadershipThread}, "journal")
 * reads, writes and applies; any thread may append and ask for the state.
 *
 * <p>Files: the standalone coordinator's lock file; it holds nothing.
 *
 * <p>Tests: {@code LeadershipTest} for each transition, {@code LeadershipSimulationTest} for all of
 * them under faults and lying hints.
 */
package io.holdfast.coordinator.leadership;
