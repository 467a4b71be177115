package io.holdfast.deploy.sim;

import io.holdfast.common.seam.Randomness;
import io.holdfast.common.testkit.LossyDisk;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What all machines of a simulated site share.
 *
 * @param random draws everything that isn't drawn by a part of its own
 * @param randomness what product code draws
 * @param disk the vault's
 * @param scratch a directory for catalogs and restores
 */
record Site(
    Schedule schedule,
    RandomGenerator random,
    Randomness randomness,
    LossyDisk disk,
    Path scratch,
    Seams seams) {
  static final Path VAULT = Path.of("/vault");
}
