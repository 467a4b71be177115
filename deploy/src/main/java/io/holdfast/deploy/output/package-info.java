/**
 * How results look: for people, and as JSON for programs, from one description.
 *
 * <p>Owns {@link io.holdfast.deploy.output.Fields} (named, typed values), {@link
 * io.holdfast.deploy.output.Output} (standard output, standard error and the choice between text
 * and JSON), {@link io.holdfast.deploy.output.Rows} (tables), {@link
 * io.holdfast.deploy.output.SafeText} (names that a hostile host may have chosen) and {@link
 * io.holdfast.deploy.output.ProgressDisplay}.
 *
 * <p>JSON is additive for ever: snake_case keys, times in RFC 3339 UTC, sizes in bytes and
 * durations in seconds as numbers, ids in full; one object a line, each with its {@code
 * message_type}. Data goes to standard output, everything else to standard error.
 *
 * <p>Must never: print an unescaped control character, read a clock of its own, or hold more than
 * one batch of rows.
 *
 * <p>Threads: one. Files: none. Tests: the escapes over every byte, both forms of every value.
 */
package io.holdfast.deploy.output;
