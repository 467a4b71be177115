/**
 * Strict configuration files: YAML into records, every problem at once, every value with its
 * origin.
 *
 * <p>Owns the {@link io.holdfast.common.config.Setting} annotation that a record's components
 * carry, the {@link io.holdfast.common.config.ConfigLoader} that fills such a record, and the
 * {@link io.holdfast.common.config.ConfigReference} that prints a commented file from the same
 * definitions. A record is one concern; a component that is itself a record is a section; a key is
 * the component's name in snake_case.
 *
 * <p>What it refuses, always by "file:line: message": unknown keys (naming the nearest known one),
 * keys given twice, missing ones, wrong types, values out of bounds, a record's own complaint
 * (IllegalArgumentException from its constructor), YAML aliases, unknown versions. Text may hold
 * {@code ${NAME}} for an environment variable; {@link io.holdfast.common.config.SecretText} keys
 * may be given as {@code <key>_file} instead.
 *
 * <p>Must never: print a secret, guess at what was meant, read a clock or the network, or know a
 * concern by name.
 *
 * <p>Threads: immutable values; loaders may be shared. Files: reads the configuration file and the
 * files that {@code *_file} keys name, at most 1 MiB each. Tests: a table of damaged files with the
 * exact messages; each record elsewhere has its two (defaults, every key set).
 */
package io.holdfast.common.config;
