/**
 * Who this host is: its identity on disk, how it comes by one and keeps it, and whose orders it has
 * obeyed.
 *
 * <p>Owns: the layout of the agent's state directory ({@link
 * io.holdfast.agent.enrolment.StateDirectory}), enrolment by token ({@link
 * io.holdfast.agent.enrolment.Enrolment}), renewal before the certificate runs out ({@link
 * io.holdfast.agent.enrolment.Renewal}), the keys of chunks that came since it was enrolled ({@link
 * io.holdfast.agent.enrolment.GrantedKeys}), what a host of a private repository seals of its own
 * ({@link io.holdfast.agent.enrolment.SealedKeys}), the way to another repository, or to a new
 * beginning in a private one ({@link io.holdfast.agent.enrolment.HostMove}, {@link
 * io.holdfast.agent.enrolment.FormerIdentities}), and the memory of the highest authority seen
 * ({@link io.holdfast.agent.enrolment.AuthorityMemory}).
 *
 * <p>Must never: trust a coordinator that doesn't show the root pinned by the token, or one that it
 * leads to ({@link io.holdfast.agent.enrolment.PinnedRoots}); use one key for two purposes; give up
 * an identity that works before its successor is durable; let a private key leave this machine
 * other than sealed to a recovery key that the root vouches for.
 *
 * <p>Threads: {@link io.holdfast.agent.enrolment.Renewal} runs on a thread of its own; the memory
 * may be used by any. Files, all 0600 in directories 0700, each written whole, fsynced and renamed:
 *
 * <pre>
 * identity/credential.pem   TLS key (PKCS#8) and chain: replaced at every renewal
 * identity/signing.pem      key that signs commits
 * identity/encryption.key   X25519 private key, 32 bytes
 * identity/grant            serialized KeyGrant, and its CRC-32C: replaced when a generation came
 * identity/sealed-keys      of a private repository: the object that is handed in
 * identity/resealed-keys    the same, sealed to a recovery key that came later
 * identity/roots            the fleet's roots, once there is a second one
 * identity/enrolled         ids and addresses; written last: without it nothing above counts
 * authority                 highest authority obeyed
 * receipts/                 one file a commit
 * next/                     an identity in another repository, until this host is of it
 * former/ID.ID/             of repository and host: what it was before, laid out as this one, with
 *   moved-to                what it is called where it went
 *   confirmed               there once the former coordinator knows
 * </pre>
 *
 * <p>Tests: {@code EnrolmentTest} against a coordinator in the same process over TLS, {@code
 * AuthorityMemoryTest}, {@code GrantedKeysTest}, {@code HostMoveTest}, {@code PinnedRootsTest}.
 */
package io.holdfast.agent.enrolment;
