/**
 * Who the hosts are: tokens, enrolment, renewal, revocation, names, and what a caller may do.
 *
 * <p>Owns: one-time tokens ({@link io.holdfast.coordinator.fleet.Tokens}), the way from a token to
 * an identity ({@link io.holdfast.coordinator.fleet.Enrolments}), the table of calls and roles
 * ({@link io.holdfast.coordinator.fleet.CallPolicy}) and the judge over it ({@link
 * io.holdfast.coordinator.fleet.HostAuthority}), the calls that are open and have to end when their
 * host is revoked ({@link io.holdfast.coordinator.fleet.OpenCalls}), what becomes of a host later
 * ({@link io.holdfast.coordinator.fleet.HostLife}, {@link
 * io.holdfast.coordinator.fleet.HostMoves}), and the names that people call hosts by ({@link
 * io.holdfast.coordinator.fleet.HostDirectory}).
 *
 * <p>Of a private repository: the keys that its hosts seal ({@link
 * io.holdfast.coordinator.fleet.SealedHostKeys}), which nobody here opens.
 *
 * <p>Must never: hand out an identity before its record is durable and applied; take a name, a
 * certificate request's content or an address for who somebody is; let a call through that is not
 * in the table; keep a token's secret.
 *
 * <p>Threads: everything may be used by any thread; what waits for the journal blocks. {@code
 * OpenCalls.poll} is driven by one thread.
 *
 * <p>Files: a host's recovery key, sealed under the master key, as an object of the vault, through
 * {@link io.holdfast.coordinator.fleet.RecoveryKeyStore}.
 *
 * <p>Tests: {@code EnrolmentsTest}, {@code HostMovesTest} and {@code HostDirectoryTest} over a real
 * catalog; what callers may do is walked method by method in {@code rpc.AuthorisationMatrixTest}.
 */
package io.holdfast.coordinator.fleet;
