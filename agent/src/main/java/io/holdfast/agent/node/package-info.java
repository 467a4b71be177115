/**
 * The agent as a process: its configuration, and the one place that wires its parts.
 *
 * <p>Owns {@link io.holdfast.agent.node.AgentConfig}, and what somebody on the host does without an
 * order: {@link io.holdfast.agent.node.Moves}, {@link io.holdfast.agent.node.OwnSnapshots}. May use
 * every other package of the agent; none uses it. Must never: hold logic that a part could hold.
 *
 * <p>Files: what the configuration names; questions to whoever is root on the host, and answers
 * ({@link io.holdfast.agent.node.Consents}). What a killed life of it left in the scratch directory
 * is removed before anything begins ({@code Leftovers}). Tests: the defaults, and every key set;
 * kill -9 in the module deploy.
 */
package io.holdfast.agent.node;
