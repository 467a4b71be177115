/**
 * The rules that keep the modules' packages apart, as tests.
 *
 * <p>Owns the shared rule set: no cycle between the packages of a module; no edge between two of
 * them outside a table that gives each edge a reason; third-party code only through the package
 * that wraps it; no clock, random source, bare thread or Java serialization outside {@code
 * io.holdfast.common.seam}. Each module has an {@code ArchitectureTest} that implements {@link
 * io.holdfast.common.architecture.ArchitectureContract} and says two things: which other modules it
 * may use, and its table of {@link io.holdfast.common.architecture.Edge}s.
 *
 * <p>A new dependency between packages is therefore a line in a table that a reviewer reads. A
 * failing rule names the class and line and what to use instead; the answer is seldom a new line,
 * and never an exception in a rule.
 *
 * <p>The rules look at compiled main classes of one module; tests are free. "Package" here is the
 * first name below the module's root: what lies deeper belongs to it. Must never know a module's
 * packages by name, except as the one place where a third party enters.
 *
 * <p>Threads: none. Files: class files on the class path, read only. Tests: {@code
 * PlantedViolationsTest} breaks each rule with the classes of {@code sample}.
 */
package io.holdfast.common.architecture;
