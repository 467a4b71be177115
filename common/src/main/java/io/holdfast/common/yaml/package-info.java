/**
 * YAML as trees that know where everything in them stands, and trees as YAML.
 *
 * <p>Owns the reader ({@link io.holdfast.common.yaml.YamlReader}) and its tree ({@link
 * io.holdfast.common.yaml.Node}), the writer ({@link io.holdfast.common.yaml.YamlWriter}), the list
 * of what is wrong with a text ({@link io.holdfast.common.yaml.Problems}), and the guess at what a
 * mistyped key was meant to be ({@link io.holdfast.common.yaml.NearestKey}).
 *
 * <p>Scalars stay texts: what one means is decided by whoever asks for it, so that {@code no} is a
 * country and {@code 1.10} a version. Keys given twice and aliases are problems, never resolved: an
 * alias is how a page of YAML becomes a gigabyte. Depth is bounded here, length by the caller.
 *
 * <p>Must never: know a key by name, read a file, or stop at the first problem of a text that can
 * be read on.
 *
 * <p>Threads: trees are immutable, problems belong to one thread. Files: none. Tests: through
 * {@code config.ConfigLoaderTest}; {@code YamlWriterTest} reads back what it writes.
 */
package io.holdfast.common.yaml;
