package io.holdfast.coordinator.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.KeyObject;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;

/** Keys as objects of a vault: wrapped, or sealed under another one. */
public final class KeyObjects {
  /** More than any of them has. */
  private static final int BYTES_MAX = 1 << 20;

  private KeyObjects() {}

  /** The bytes of {@code object}; KEY_UNAVAILABLE if the vault lacks it. */
  public static byte[] read(Vault vault, KeyObject object) {
    return read(vault, object, "; bring it back from another copy of the vault");
  }

  /**
   * As the other one.
   *
   * @param next ends what is said if the vault lacks it: what that means, and what to do
   */
  public static byte[] read(Vault vault, KeyObject object, String next) {
    return vault
        .find(ObjectName.of(object.name()), BYTES_MAX)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE, "the vault has no " + object.name() + next));
  }
}
