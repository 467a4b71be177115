/**
 * Secrets and how they rest: the key ring of a repository, what it derives, and the sealed forms in
 * which keys may leave memory.
 *
 * <p>Owns: HKDF ({@link io.holdfast.common.key.Hkdf}), the wrap format {@code HFKW} ({@link
 * io.holdfast.common.key.Wrap}), the master key and its two wraps, the key ring, host recovery
 * keys, sealed boxes (HPKE), the grant an agent receives, the printed recovery kit, and files that
 * hold secrets.
 *
 * <p>How the keys hang together: a passphrase or the service's key file opens the {@link
 * io.holdfast.common.key.MasterKey}; the master key opens the {@link
 * io.holdfast.common.key.RepositoryKeys} and each {@link io.holdfast.common.key.HostRecoveryKey};
 * the ring's generations give the id keys from which every chunk's own key follows.
 *
 * <p>In a private repository the ring has no generations: each host makes its own ({@link
 * io.holdfast.common.key.PrivateHostKeys}) and seals them to the repository's recovery key, whose
 * private half ({@link io.holdfast.common.key.RepositoryRecovery}) the passphrase alone opens.
 * Another one may take its place, with another master key and by its number. What another host may
 * read of it is sealed to that host ({@link io.holdfast.common.key.RestoreKeys}).
 *
 * <p>Must never: know a vault (it turns keys into bytes and back, others store them), put a secret
 * into a {@code toString}, a message or a log, believe a length or a cost that a file claims
 * without a cap, or keep a passphrase after use. Wiping is best effort: a collector may have copied
 * an array.
 *
 * <p>Threads: values are immutable but for {@code close}, which wipes; an owner closes what it made
 * after the last use. {@link io.holdfast.common.key.Hkdf.Expander} belongs to one thread.
 *
 * <p>Files: {@link io.holdfast.common.key.SecretFile} writes with mode 0600 by temporary file,
 * fsync, rename and fsync of the directory.
 *
 * <p>Tests: golden files of version 1 under {@code golden/v1}, RFC vectors, damage of every byte,
 * and a search for canaries in everything that prints.
 */
package io.holdfast.common.key;
