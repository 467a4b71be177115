/**
 * File trees for tests: literals that are written to disk, read back and compared ({@link
 * io.holdfast.agent.testkit.FileTree}), and generated ones of any size ({@link
 * io.holdfast.agent.testkit.TreeGenerator}).
 *
 * <p>Names are written as strings whose characters are the bytes of the name (ISO 8859-1), so that
 * names in no valid encoding fit into a literal. Uses {@code agent.posix}, because the JDK's file
 * API knows neither such names nor holes nor device nodes.
 */
package io.holdfast.agent.testkit;
