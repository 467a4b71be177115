package io.holdfast.coordinator.vault;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.testkit.LossyDisk;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

/** A directory vault on a disk that keeps only its promises, and what tests of one share. */
final class LossyVault {
  static final RepositoryId REPOSITORY = new RepositoryId(new UUID(3, 4));
  static final Path ROOT = Path.of("/vault");

  final LossyDisk disk;
  private final Random random;

  private LossyVault(long seed) {
    disk = LossyDisk.seeded(seed);
    random = new Random(seed);
  }

  /** A new disk with an empty vault on it. */
  static LossyVault founded(long seed) {
    LossyVault lossy = new LossyVault(seed);
    DirectoryVault.create(lossy.disk.mount(), lossy.randomness(), ROOT, REPOSITORY).close();
    return lossy;
  }

  /** A new disk with nothing on it. */
  static LossyVault blank(long seed) {
    return new LossyVault(seed);
  }

  Randomness randomness() {
    return random::nextBytes;
  }

  /** The vault as another process opens it. */
  DirectoryVault open() {
    return openOn(disk.mount());
  }

  DirectoryVault openOn(FileSystem fileSystem) {
    return DirectoryVault.open(fileSystem, randomness(), ROOT, REPOSITORY);
  }
}
