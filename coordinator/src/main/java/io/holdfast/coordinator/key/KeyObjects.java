package io.holdfast.coordinator.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.KeyObject;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

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

  /**
   * Makes {@code object} durable, which mustn't exist. VAULT_UNAVAILABLE unless it clearly is.
   *
   * @param next ends what is said then: what that means, and what to do
   */
  public static void create(Vault vault, KeyObject object, byte[] bytes, String next) {
    CreateOutcome outcome = vault.create(ObjectName.of(object.name()), ByteBuffer.wrap(bytes));
    if (!(outcome instanceof CreateOutcome.Created)) {
      throw new HoldfastException(
          ErrorCode.VAULT_UNAVAILABLE, "the vault did not clearly take " + object.name() + next);
    }
  }

  /**
   * What {@code opening} makes of the first of {@code numbers} for which it doesn't fail.
   *
   * @param passedOver told of each one that failed; may end the search by throwing
   * @param none thrown if there are no numbers; if all failed, the first one's failure is, with
   *     those of the others suppressed in it
   */
  public static <T> T firstThatOpens(
      List<Integer> numbers,
      IntFunction<T> opening,
      ObjIntConsumer<HoldfastException> passedOver,
      Supplier<HoldfastException> none) {
    HoldfastException failure = null;
    for (int number : numbers) {
      try {
        return opening.apply(number);
      } catch (HoldfastException e) {
        passedOver.accept(e, number);
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure == null ? none.get() : failure;
  }
}
