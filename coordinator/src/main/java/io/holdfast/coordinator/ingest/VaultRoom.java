package io.holdfast.coordinator.ingest;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataSize;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How much room the vault has left, and what that means: below one mark operators are warned, below
 * a lower one no backup is begun, so that a backup doesn't take what the journal needs to close
 * sessions, to record losses, and to lead. Reading goes on whatever is left. Any thread.
 *
 * @param freeBytes what may still be written
 * @param warnBytes 0 for never
 * @param reserveBytes 0 for none
 */
public record VaultRoom(LongSupplier freeBytes, long warnBytes, long reserveBytes) {
  /** Never warns, never refuses: a full vault shows when something is written. */
  public static final VaultRoom UNWATCHED = new VaultRoom(() -> Long.MAX_VALUE, 0, 0);

  /** Whether so many bytes may be written without taking of what is kept for the coordinator. */
  public boolean hasRoomFor(long bytes) {
    return freeBytes.getAsLong() - bytes >= reserveBytes;
  }

  /** VAULT_FULL if a backup may not begin. */
  void requireForBackup() {
    long free = freeBytes.getAsLong();
    if (free < reserveBytes) {
      throw new HoldfastException(
          ErrorCode.VAULT_FULL,
          "the vault has "
              + new DataSize(free)
              + " left, less than the "
              + new DataSize(reserveBytes)
              + " that vault.reserve keeps for the coordinator itself: no backup is begun; what is"
              + " stored can be restored. Enlarge the vault's file system, then try again");
    }
  }

  /**
   * Too little room.
   *
   * @param full whether no backup begins
   */
  public record Shortage(boolean full, String summary, String nextStep) {}

  /** What an operator should know now. */
  public Optional<Shortage> shortage() {
    long free = freeBytes.getAsLong();
    if (free < reserveBytes) {
      return Optional.of(
          new Shortage(
              true,
              "the vault is full: "
                  + new DataSize(free)
                  + " are left and vault.reserve is "
                  + new DataSize(reserveBytes)
                  + ", so no backup begins",
              "enlarge its file system"));
    }
    if (free < warnBytes) {
      return Optional.of(
          new Shortage(
              false,
              "the vault has "
                  + new DataSize(free)
                  + " left, less than the "
                  + new DataSize(warnBytes)
                  + " of vault.warn_free",
              "enlarge its file system before it is full"));
    }
    return Optional.empty();
  }
}
