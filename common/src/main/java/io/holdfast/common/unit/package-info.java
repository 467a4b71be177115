/**
 * Amounts as people write and read them: sizes, rates and durations.
 *
 * <p>Owns {@link io.holdfast.common.unit.DataSize}, {@link io.holdfast.common.unit.DataRate} and
 * {@link io.holdfast.common.unit.Durations}: one grammar for configuration files, options and
 * output. Each has two printed forms: the exact one, which parses back to the same value, and the
 * rounded one, for people.
 *
 * <p>Must never: accept a number without saying what unit it took, or overflow silently. What can't
 * be parsed is INVALID_ARGUMENT with an example of what can.
 *
 * <p>Threads: immutable values. Files: none. Tests: round trips of the exact form over seeded
 * values, tables of the rounded one.
 */
package io.holdfast.common.unit;
