/**
 * Chunks from plaintext to sealed bytes and back, and the keys and ids that follow from content.
 *
 * <p>Owns sections 1 and 2 of FORMAT.md: {@link io.holdfast.common.sealing.ChunkKeys} (what a
 * repository's key generation derives), {@link io.holdfast.common.sealing.ChunkKey} (the K that
 * names and opens one content), {@link io.holdfast.common.sealing.ChunkSealer}, {@link
 * io.holdfast.common.sealing.ChunkOpener}, and {@link io.holdfast.common.sealing.SealedHeader} for
 * who holds no key.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>S1 Nothing leaves {@code open} whose K wasn't computed anew from the very bytes returned.
 *   <li>S2 No length of a sealed chunk is believed before it is held against its cap and against
 *       the bytes at hand; no memory is taken for it before that.
 *   <li>S3 Each sealing takes a fresh random nonce; nothing is counted and nothing persisted, so a
 *       restored or cloned host repeats none.
 *   <li>S4 What a compressor made is decompressed and compared before it is sealed, unless told not
 *       to: a faulty core must not be found out by a restore.
 * </ul>
 *
 * <p>Must never: do I/O, log or print a key, keep plaintext longer than its scratch buffers.
 *
 * <p>Memory: heap arrays throughout. Plaintext comes in a heap buffer and the sealed array leaves
 * in a message, so direct buffers would only add copies; the JDK's GCM is as fast on arrays once
 * compiled. Decryption is one call per chunk: given slices, the JDK gathers all ciphertext in a
 * second buffer until it has seen the tag, and runs at an eighth of the speed. The other direction
 * is fed in slices of 16 KiB, which the compiler comes to terms with sooner and the cache likes.
 *
 * <p>Threads: keys, headers and sealed chunks are immutable; a sealer and an opener have one owner
 * each and hold native memory until closed. Tests: round trips, every bit flipped, hostile lengths,
 * bombs, golden chunks under {@code golden/v1}.
 */
package io.holdfast.common.sealing;
