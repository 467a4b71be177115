package io.holdfast.agent.backup;

/**
 * Memory and threads of one backup.
 *
 * @param bufferBytes size of each buffer: the chunker's maximum at least, and whole MiB
 * @param buffers how many; their sum bounds the plaintext in flight
 * @param workers threads that hash, compress and seal; as many fingerprint mapped files
 */
public record BackupLimits(int bufferBytes, int buffers, int workers) {
  /** Fewest buffers with which every part of a run can hold the one it needs. */
  private static final int BUFFERS_MINIMUM = 6;

  public static final BackupLimits STANDARD = new BackupLimits(4 << 20, 8, 2);

  public BackupLimits {
    if (bufferBytes < 4 << 20
        || bufferBytes % (1 << 20) != 0
        || buffers < BUFFERS_MINIMUM
        || workers < 1) {
      throw new IllegalArgumentException(
          "a backup needs buffers of 4 whole MiB or more, "
              + BUFFERS_MINIMUM
              + " of them, and a worker");
    }
  }
}
