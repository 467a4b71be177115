/**
 * The one exception type of Holdfast and the table of its codes.
 *
 * <p>Owns {@link io.holdfast.common.error.HoldfastException}, {@link
 * io.holdfast.common.error.ErrorCode} and the two mappings (kind to gRPC status, kind to exit
 * code). Knows no other package. Immutable and thread-free.
 */
package io.holdfast.common.error;
