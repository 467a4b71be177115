package io.holdfast.common.sealing;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.List;
import java.util.Optional;

/**
 * The key generations of one repository, as far as they are known here. None is ever forgotten, and
 * new ones may come to be known while this is in use. Any thread.
 */
@FunctionalInterface
public interface ChunkGenerations {
  /**
   * Those known now, ascending, all of one repository; none only where a private repository's
   * coordinator has none.
   */
  List<ChunkKeys> all();

  /** What is known of generation {@code number} now; asks nobody. */
  default Optional<ChunkKeys> find(int number) {
    return all().stream().filter(keys -> keys.generation() == number).findFirst();
  }

  /**
   * Generation {@code number}, asked for where it isn't known and there is somebody to ask.
   * KEY_UNAVAILABLE if it isn't to be had.
   */
  default ChunkKeys get(int number) {
    return find(number).orElseThrow(() -> unknown(number));
  }

  /** That {@code number} is not to be had. */
  static HoldfastException unknown(int number) {
    return new HoldfastException(
        ErrorCode.KEY_UNAVAILABLE,
        "key generation "
            + Integer.toUnsignedString(number)
            + " is not known here; fetch the repository's newer keys, then try again");
  }

  /** Always the same ones. */
  static ChunkGenerations of(List<ChunkKeys> generations) {
    List<ChunkKeys> fixed = List.copyOf(generations);
    return () -> fixed;
  }
}
