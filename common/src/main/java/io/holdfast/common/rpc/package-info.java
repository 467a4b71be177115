/**
 * What both ends of every gRPC call share: errors on the wire and streams as straight-line code.
 *
 * <p>Owns the mapping between {@link io.holdfast.common.error.HoldfastException} and gRPC status
 * with its trailer, {@link io.holdfast.common.rpc.RequestStream}, which is all that a session knows
 * of its call, and {@link io.holdfast.common.rpc.ServerStream}, which turns a bidirectional gRPC
 * call into one virtual thread that reads, works and writes with back-pressure. Must never know a
 * service.
 *
 * <p>Threads: one virtual thread a stream; gRPC's callbacks only hand over. Files: none.
 */
package io.holdfast.common.rpc;
