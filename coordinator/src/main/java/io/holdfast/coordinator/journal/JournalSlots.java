package io.holdfast.coordinator.journal;

import io.holdfast.common.error.HoldfastException;
import java.util.Optional;

/**
 * What the journal needs of a vault: numbered slots, each created once and never changed. Safe for
 * use by many threads; every call may block.
 */
public interface JournalSlots {
  /**
   * Puts {@code record} into slot {@code seq} if nothing is there: atomic, and durable when the
   * answer is {@link SlotOutcome.Created}. Never throws for an operating error: the answer says
   * what is known, and {@link SlotOutcome.Unknown} is said wherever there is doubt. Giving the
   * byte-identical record again is always safe.
   */
  SlotOutcome create(long seq, byte[] record);

  /**
   * The bytes of slot {@code seq}, or empty if it is certain that nothing is there: read fresh,
   * never from a cache.
   *
   * @throws HoldfastException VAULT_UNAVAILABLE if that can't be told now
   */
  Optional<byte[]> read(long seq);

  /**
   * The highest slot above {@code above} that a list shows, else {@code above}. More than was known
   * proves that slots exist; less proves nothing.
   *
   * @throws HoldfastException VAULT_UNAVAILABLE if the list can't be read now
   */
  long highestListed(long above);
}
