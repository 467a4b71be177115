/**
 * The coordinator as a process: its configuration, and the one place that wires its parts.
 *
 * <p>Owns {@link io.holdfast.coordinator.node.CoordinatorConfig}. May use every other package of
 * the coordinator; none uses it. Must never: hold logic that a part could hold.
 *
 * <p>Files: what the configuration names. Tests: the defaults, and every key set.
 */
package io.holdfast.coordinator.node;
