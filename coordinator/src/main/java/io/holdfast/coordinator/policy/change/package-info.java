/**
 * What an edit of a policy changes, and what it may let go.
 *
 * <p>Owns {@link io.holdfast.coordinator.policy.change.PolicyDiff}, which compares in meaning and
 * not in text, and {@link io.holdfast.coordinator.policy.change.Shortenings}, which decides whether
 * a change has to be approved because snapshots may go that would have stayed.
 *
 * <p>Must never: take a change for harmless because it can't tell; look at snapshots (how many of
 * them would go is the retention's answer).
 *
 * <p>Threads: any. Files: none. Tests: {@code PolicyDiffTest}, {@code ShorteningsTest}.
 */
package io.holdfast.coordinator.policy.change;
