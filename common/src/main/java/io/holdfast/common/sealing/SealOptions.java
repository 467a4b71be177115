package io.holdfast.common.sealing;

import java.util.Objects;

/**
 * How chunks are sealed.
 *
 * @param compressionLevel zstd's, 1 (fast) to 19; 0 stores everything raw
 * @param check what the sealer verifies of its own work
 */
public record SealOptions(int compressionLevel, SealCheck check) {
  /** Level 1, on which small machines keep up with their disks, and compressed bytes verified. */
  public static final SealOptions STANDARD = new SealOptions(1, SealCheck.COMPRESSION);

  public SealOptions {
    if (compressionLevel < 0 || compressionLevel > 19) {
      throw new IllegalArgumentException(
          "compression level " + compressionLevel + " isn't 0 (none) to 19");
    }
    Objects.requireNonNull(check, "check");
  }
}
