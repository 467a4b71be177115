/**
 * What a verification looks at beside packs: whether the vault still holds, as they were written,
 * the journal, the newest checkpoints and the wrapped keys. None of them is read while a
 * coordinator runs well, all of them are needed once it doesn't.
 *
 * <p>Owns {@link io.holdfast.coordinator.inspect.VaultInspection}. Must never: change anything,
 * stop at the first thing that is wrong, or report what it could not read as whole.
 *
 * <p>Threads: the caller's. Files: reads objects of the vault. Tests: the damage matrix, {@code
 * io.holdfast.deploy.damage}, whose verifications have to name every damaged object.
 */
package io.holdfast.coordinator.inspect;
