/**
 * Who the people are that act on the fleet, what lets them in, and what they may do only together.
 *
 * <p>Owns: people and their roles ({@link io.holdfast.coordinator.people.PeopleBook}), the tokens
 * by which they call ({@link io.holdfast.coordinator.people.AccessTokens}), who a call is from
 * ({@link io.holdfast.coordinator.people.Caller}), and second persons: which acts need one ({@link
 * io.holdfast.coordinator.people.ApprovalRule}), what waits for one, and that it is carried out
 * once ({@link io.holdfast.coordinator.people.Approvals}). Which role may make which call is the
 * fleet's one table, {@link io.holdfast.coordinator.fleet.CallPolicy}.
 *
 * <p>Whoever may write to the coordinator's local socket is its bootstrap admin, <em>local
 * operator</em> in every record. He is no person: he can't be the second one. He can always add
 * people and make tokens, so that nobody is locked out: root on that machine can read its keys
 * anyway, and what he did is in the audit.
 *
 * <p>Must never: keep a token's secret; let a token outlive its owner, its date or its revocation;
 * begin an act that needs a second person before that person's word is durable, or begin it twice;
 * know what an act does: an {@link io.holdfast.coordinator.people.Act} tells in words, and does it.
 *
 * <p>Threads: any; what waits for the journal blocks. Changes of people, and decisions about
 * approvals, are each made one after another. Files: none.
 *
 * <p>Tests: {@code PeopleBookTest}, {@code AccessTokensTest} and {@code ApprovalsTest} over a real
 * catalog; what callers may do is walked in {@code rpc.AuthorisationMatrixTest}.
 */
package io.holdfast.coordinator.people;
