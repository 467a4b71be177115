/**
 * The watch over a fleet and its coordinator: looks what is wrong, and has it told.
 *
 * <p>Owns the {@link io.holdfast.coordinator.watch.Watch} and the sources of alarms beside absence:
 * damage, late proofs and late readings, identities used twice, what keeps snapshots from going,
 * quotas, facts and acts that wait for a person, and what ails the coordinator itself.
 *
 * <p>Must never: keep anybody waiting (nobody calls in but to ask how things are); decide what is
 * owed to a host (that is {@code absence}); send anything (that is {@code notify}).
 *
 * <p>A look costs what {@code absence} says. It is made every fifteen seconds, and for each
 * operator who asks, so that a status is never older than the question.
 *
 * <p>Threads: any; rounds are made by one, which the node owns. Files: none of its own. Tests:
 * {@code WatchTest} over a real catalog, with time moved by hand.
 */
package io.holdfast.coordinator.watch;
