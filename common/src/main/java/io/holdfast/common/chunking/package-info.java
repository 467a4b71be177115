/**
 * Where content is cut, and how blocks of a large file are compared with last time's.
 *
 * <p>Owns section 3 of FORMAT.md and the hashes that page and bundle boundaries are decided by: one
 * table of 256 secret words ({@link io.holdfast.common.chunking.GearTable}), the cutter of files
 * ({@link io.holdfast.common.chunking.FastCdc}), the end of a bundle ({@link
 * io.holdfast.common.chunking.BundleBoundary}), the hash of a path ({@link
 * io.holdfast.common.chunking.NameHash}) and block maps ({@link
 * io.holdfast.common.chunking.BlockMapCodec} and its kin).
 *
 * <p>Must never: do I/O, keep content, or change where it cuts. A cut that moves stores everything
 * again, on every host; the golden vectors under {@code golden/v1} hold the cuts of this version
 * for ever.
 *
 * <p>Said openly: the table is a secret, yet chunk lengths still tell an observer who can plant
 * known files something about it; the reserved padding class of a sealed chunk is the place for an
 * answer.
 *
 * <p>Threads: everything is immutable and safe for any thread, except {@link
 * io.holdfast.common.chunking.BlockFingerprinter}, {@link
 * io.holdfast.common.chunking.BundleBoundary} and {@link
 * io.holdfast.common.chunking.BlockMapCodec.Builder}, which have one owner.
 *
 * <p>Tests: golden cut points, sizes and resynchronisation of files and bundles, fuzzed block maps.
 */
package io.holdfast.common.chunking;
