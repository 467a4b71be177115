/**
 * Patterns that people write to mean paths.
 *
 * <p>Owns {@link io.holdfast.common.match.PathPattern}, the one glob dialect of searches and of
 * exclusions, and {@link io.holdfast.common.match.NamePattern}, the part of it that matches one
 * name.
 *
 * <p>Must never: know what the paths are of (a snapshot, a disk); take longer than the product of
 * the lengths of pattern and path, whatever the pattern.
 *
 * <p>Threads: everything is immutable. Files: none. Tests: {@code PathPatternTest}, against a naive
 * matcher.
 */
package io.holdfast.common.match;
