/**
 * What a policy is, which hosts it is for, and where policies are in each other's way.
 *
 * <p>Owns the records of a {@link io.holdfast.coordinator.policy.Policy}: a selector over labels
 * and facts, and data classes, each with one source, its own rhythm, limits, retention, objectives,
 * hooks and hold; and {@link io.holdfast.coordinator.policy.Policies}, which holds them against
 * hosts. How they are written is for the package {@code yaml}, what an edit changes for {@code
 * change}.
 *
 * <p>A data class has exactly one source, and so one series of snapshots on a host: its schedule
 * says when the series grows, its retention which of it stays. Two data classes that make snapshots
 * of one source set are told as an overlap, never silently merged.
 *
 * <p>Facts are what a host says of itself, and so are its labels until people give it others. They
 * choose a policy, they prove nothing: who changes them moves the host under other retention, so
 * they are taken from the journal, and {@code book.TraitBook} treats such a move as a change that
 * may shorten.
 *
 * <p>Must never: read YAML, a clock, or the catalog; run anything; hold a secret (passwords are
 * files on the host, commands and hooks are names of files there).
 *
 * <p>Threads: immutable values. Files: none. Tests: {@code SelectorTest}, {@code PoliciesTest}.
 */
package io.holdfast.coordinator.policy;
