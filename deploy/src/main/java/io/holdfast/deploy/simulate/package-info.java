/**
 * Many agents in one process, to see what a coordinator bears before a fleet depends on it.
 *
 * <p>Owns simulated hosts: each with an identity of its own, enrolled as any other, a small tree of
 * files that changes, and the agent's real engine on a connection of its own. Only the machines are
 * missing.
 *
 * <p>Must never: speak to a coordinator otherwise than an agent does, or touch anything outside the
 * directory that it was given.
 *
 * <p>Threads: one changes files; those of the agents are virtual. Files: {@code hosts} and {@code
 * agents} below the directory, which a later run takes up.
 */
package io.holdfast.deploy.simulate;
