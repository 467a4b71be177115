/**
 * The fleet's policies: which there are, by whom and when, how a new text changes them, and how
 * hosts come to them and leave them.
 *
 * <p>Owns {@link io.holdfast.coordinator.policy.book.PolicyBook}, the one way in which policies
 * come to be, change and go: read, held against the hosts, what they stored and the versions in
 * force, and journalled, all of a text or nothing of it. And {@link
 * io.holdfast.coordinator.policy.book.Coverage}, which tells whose rules a snapshot is judged by.
 *
 * <p>And {@link io.holdfast.coordinator.policy.book.TraitBook}, the one way in which a host gets
 * other labels or facts, and {@link io.holdfast.coordinator.policy.book.ToldFacts}, what hosts tell
 * of themselves until it counts (proto/decisions/0018).
 *
 * <p>Must never: change a policy, or what it fits, so that snapshots may go without having been
 * told that this is wanted; let a host get rid of what it stored by what it tells; keep a policy, a
 * label or a fact anywhere but in the journal.
 *
 * <p>Threads: any; changes are made one after another. What hosts told is looked at by one. Files:
 * none. Tests: {@code PolicyBookTest}, {@code TraitBookTest}, {@code ToldFactsTest}, {@code
 * PruneRoundsTest}.
 */
package io.holdfast.coordinator.policy.book;
