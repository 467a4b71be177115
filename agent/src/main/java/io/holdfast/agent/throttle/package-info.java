/**
 * Limits on what a job takes from the host: bytes a second from its disks and over the network.
 *
 * <p>Owns {@link io.holdfast.agent.throttle.RateLimit}. Must never know what the bytes are.
 * Threads: any. Files: none. Tests: {@code RateLimitTest}, by a clock moved by hand.
 */
package io.holdfast.agent.throttle;
