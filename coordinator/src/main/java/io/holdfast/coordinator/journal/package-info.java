/**
 * The journal: the one log that every change of the catalog goes through, and the fence between
 * leaders.
 *
 * <p>Owns the record format ({@link io.holdfast.coordinator.journal.RecordCodec}), the meaning of a
 * journal ({@link io.holdfast.coordinator.journal.Replay}), the append of one record at a time
 * ({@link io.holdfast.coordinator.journal.JournalWriter} by {@link
 * io.holdfast.coordinator.journal.AppendRules}), reading and following ({@link
 * io.holdfast.coordinator.journal.JournalReader}), the memory of what was seen ({@link
 * io.holdfast.coordinator.journal.HeadMemory}), and the two founding acts, genesis and rollback.
 *
 * <p>Must never: acknowledge what wasn't read back from its slot; write a slot twice with different
 * records unless the first certainly never was there; decide anything by a clock, a list that shows
 * less, or what etcd says; know what a mutation means to the catalog.
 *
 * <p>Threads: a reader, a writer and a memory have one owner thread and are polled, so that tests
 * need none; {@code JournalWriter.append} and the writer's state may be used by any thread. Replay,
 * codec and rules are pure functions.
 *
 * <p>Files: {@code journal/<seq>} in the vault, one per record, never changed; the head memory on
 * the coordinator's disk (proto/FORMAT.md, section 6).
 *
 * <p>Tests: {@code AppendModelTest} walks every interleaving of two coordinators over the real
 * rules and the real replay; {@code PlantedFaultTest} shows that it would notice; {@code
 * LeadershipSimulationTest} does the same by chance with whole coordinators; {@code ReplayTest} and
 * the golden journal hold the meaning; {@code RecordCodecTest} throws garbage at the parser.
 */
package io.holdfast.coordinator.journal;
