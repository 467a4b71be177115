/**
 * Garbage for decoders: {@link io.holdfast.common.fuzz.DecoderFuzz} throws mutated and random bytes
 * at whatever reads bytes from outside, and holds it to three promises: only errors of the types it
 * documents, an answer at once, no more memory than its cap.
 *
 * <p>Each module's tests name their decoders once; those of one package's own codecs stand in that
 * package. Rounds and seed are system properties, so that a failure is replayed and a long night
 * goes further.
 */
package io.holdfast.common.fuzz;
