/**
 * What the outside world is to Holdfast: time, randomness and the file system as parameters, so
 * that the whole system runs in one process under a seed.
 *
 * <p>Owns {@link io.holdfast.common.seam.Time}, {@link io.holdfast.common.seam.Randomness}, {@link
 * io.holdfast.common.seam.FileSystem} and their real implementations. Nothing outside this package
 * reads a clock or a random source, and no durable store touches files but through {@code
 * FileSystem}.
 *
 * <p>Must never decide anything: no retry, no cache, no default policy. What a call did or did not
 * do is reported as the system reported it.
 *
 * <p>Threads: everything but {@link io.holdfast.common.seam.WritableFile} is safe for many threads.
 * An interrupt never fails the sync of a directory and never closes a {@link
 * io.holdfast.common.seam.ReadableFile} under its other readers.
 *
 * <p>Tests: {@code FileSystemContractTest} holds the real file system and the in-memory one of the
 * test kit ({@code LossyFileSystem}) to the same claims.
 */
package io.holdfast.common.seam;
