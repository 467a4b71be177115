/**
 * The place where everything is kept: immutable objects under names, created only if absent.
 *
 * <p>Owns {@link io.holdfast.coordinator.vault.Vault} with its promises, {@link
 * io.holdfast.coordinator.vault.DirectoryVault} (a directory of a local file system or NAS mount),
 * {@link io.holdfast.coordinator.vault.VaultSelfTest} (a vault proves itself before it is trusted)
 * and {@link io.holdfast.coordinator.vault.RetryingVault} (the one place that retries, and only
 * reads).
 *
 * <p>Must never overwrite an object, never report a failing store as an absent object, never guess
 * an uncertain outcome, never repeat a sync that failed, and never claim a name but by a hard link.
 * What objects mean is no concern of this package; neither is who may delete them: that is decided
 * by the rules of journal and sweep, before they call.
 *
 * <p>Threads: a vault serves many threads and, with others opened elsewhere, many machines. A
 * writer is one thread's. Nothing runs in the background.
 *
 * <p>Files, below the vault's directory: {@code vault.json}, written once, last, when the vault is
 * made; {@code tmp/}, unpublished files of living and dead writers; everything else is objects.
 *
 * <p>Tests: {@code VaultContract} is what every vault passes; {@code DirectoryVaultPowerTest} cuts
 * the power between any two system calls, {@code DirectoryVaultFaultTest} fails each call in turn;
 * {@code VaultSelfTestTest} holds broken stores against the self-test. {@code HostileVault} and
 * {@code RecordingVault} are for the tests of other packages.
 */
package io.holdfast.coordinator.vault;
