/**
 * What agent and coordinator both have to compute of a snapshot: its id, its source set, what its commit
 * signs and what the root's key is sealed with (FORMAT.md, sections 7 and 8).
 *
 * <p>Pure functions; must never know a wire message or a store.
 */
package io.holdfast.common.snapshot;
