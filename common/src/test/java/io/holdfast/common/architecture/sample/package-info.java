/**
 * Two packages that break every rule, for {@code PlantedViolationsTest}. Never run, only read as
 * class files.
 */
package io.holdfast.common.architecture.sample;
