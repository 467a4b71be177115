/**
 * The fleet's policies: which there are, by whom and when, and how a new text changes them.
 *
 * <p>Owns {@link io.holdfast.coordinator.policy.book.PolicyBook}, the one way in which policies
 * come to be, change and go: read, held against the hosts, what they stored and the versions in
 * force, and journalled, all of a text or nothing of it. And {@link
 * io.holdfast.coordinator.policy.book.Coverage}, which tells whose rules a snapshot is judged by.
 *
 * <p>Must never: change a policy so that snapshots may go without having been told that this is
 * wanted; keep a policy anywhere but in the journal.
 *
 * <p>Threads: any; changes are made one after another. Files: none. Tests: {@code PolicyBookTest},
 * {@code PruneRoundsTest}.
 */
package io.holdfast.coordinator.policy.book;
