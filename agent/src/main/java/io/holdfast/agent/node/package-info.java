/**
 * The agent as a process: its configuration, and the one place that wires its parts.
 *
 * <p>Owns {@link io.holdfast.agent.node.AgentConfig}, and what somebody on the host does without an
 * order: {@link io.holdfast.agent.node.Moves}, {@link io.holdfast.agent.node.OwnSnapshots}. May use
 * every other package of the agent; none uses it. Must never: hold logic that a part could hold.
 *
 * <p>Files: what the configuration names. Tests: the defaults, and every key set.
 */
package io.holdfast.agent.node;
