package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.DiskFullException;
import java.io.IOException;

/** The words in which a vault fails: what was tried, why it failed, what to do. */
final class VaultErrors {
  private VaultErrors() {}

  /** For a call that failed before it could have any visible effect, or reads. */
  static HoldfastException failed(String action, IOException cause) {
    return switch (cause) {
      case DiskFullException _ ->
          new HoldfastException(
              ErrorCode.VAULT_FULL,
              "Can't " + action + ": the vault is full. Free or add space; nothing was published.",
              cause);
      case SyncFailedException _ ->
          new HoldfastException(
              ErrorCode.VAULT_SYNC_FAILED,
              "Can't " + action + ": " + cause.getMessage() + ". Nothing was published.",
              cause);
      default ->
          new HoldfastException(
              ErrorCode.VAULT_UNAVAILABLE,
              "Can't " + action + ": " + cause.getMessage() + ". Check the disk, mount or network.",
              cause);
    };
  }

  static HoldfastException unknown(ObjectName name, String reason, Throwable cause) {
    return new HoldfastException(
        ErrorCode.VAULT_OUTCOME_UNKNOWN,
        "Whether object "
            + name
            + " was created isn't known: "
            + reason
            + ". Check the disk, mount or network; what wrote it can be run again.",
        cause);
  }

  static HoldfastException notFound(Vault vault, ObjectName name) {
    return new HoldfastException(
        ErrorCode.OBJECT_NOT_FOUND,
        "Vault " + vault.identity().vault() + " holds no object " + name + ".");
  }

  static HoldfastException exists(ObjectName name) {
    return new HoldfastException(
        ErrorCode.OBJECT_EXISTS, "Object " + name + " exists already; it was left as it is.");
  }

  static HoldfastException tooLarge(ObjectName name, long bytes, int maxBytes) {
    return new HoldfastException(
        ErrorCode.LIMIT_EXCEEDED,
        "Object " + name + " has " + bytes + " bytes where at most " + maxBytes + " make sense.");
  }

  static HoldfastException endsEarly(ObjectName name, long endBytes, long wantedBytes) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "Object %s ends at byte %d, but byte %d was asked for: it was cut short, or its index is wrong."
            .formatted(name, endBytes, wantedBytes));
  }
}
