package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import java.nio.file.Path;

/** The 32-byte key file with which a running service opens the master key without a person. */
public final class ServiceKey implements AutoCloseable {
  static final int BYTES = 32;

  private final Secret key;

  private ServiceKey(Secret key) {
    this.key = key;
  }

  public static ServiceKey generate(Randomness randomness) {
    return new ServiceKey(Secret.random(randomness, BYTES));
  }

  /** Reads the raw 32 bytes; errors of {@link SecretFile}, MALFORMED for another length. */
  public static ServiceKey readFile(Path file) {
    Secret content = SecretFile.read(file);
    if (content.length() != BYTES) {
      content.close();
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          "the service key file "
              + file
              + " has "
              + content.length()
              + " bytes instead of 32: restore it from its copy, or unlock with the recovery"
              + " passphrase and make a new one");
    }
    return new ServiceKey(content);
  }

  /** Writes the file durably with mode 0600. */
  public void writeFile(Path file) {
    byte[] raw = key.toByteArray();
    try {
      SecretFile.write(file, raw);
    } finally {
      java.util.Arrays.fill(raw, (byte) 0);
    }
  }

  Secret key() {
    return key;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "ServiceKey[hidden]";
  }
}
