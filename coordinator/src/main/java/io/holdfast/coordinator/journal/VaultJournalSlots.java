package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Slots as objects {@code journal/<seq>} of a vault. The vault must be one that doesn't cache reads
 * and doesn't repeat creates.
 */
public final class VaultJournalSlots implements JournalSlots {
  private static final ObjectPrefix PREFIX = ObjectPrefix.of("journal/");
  private static final Pattern SLOT = Pattern.compile("journal/([0-9]{20})");

  private final Vault vault;

  public VaultJournalSlots(Vault vault) {
    this.vault = vault;
  }

  @Override
  public SlotOutcome create(long seq, byte[] record) {
    try {
      return switch (vault.create(nameOf(seq), ByteBuffer.wrap(record))) {
        case CreateOutcome.Created(long _) -> new SlotOutcome.Created();
        case CreateOutcome.Exists() -> new SlotOutcome.Exists();
        case CreateOutcome.Unknown(HoldfastException cause, boolean syncFailed) ->
            syncFailed
                ? new SlotOutcome.SyncFailed(cause.getMessage())
                : new SlotOutcome.Unknown(cause.getMessage());
      };
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case VAULT_FULL -> new SlotOutcome.Full(e.getMessage());
        case VAULT_SYNC_FAILED -> new SlotOutcome.SyncFailed(e.getMessage());
        default -> new SlotOutcome.Unknown(e.getMessage());
      };
    }
  }

  @Override
  public Optional<byte[]> read(long seq) {
    try {
      return vault.find(nameOf(seq), RecordCodec.RECORD_BYTES_MAX);
    } catch (HoldfastException e) {
      return switch (e.code()) {
        // Too large to be a record, and there: a reader has to see damage, not an empty slot.
        case LIMIT_EXCEEDED -> Optional.of(new byte[0]);
        case VAULT_UNAVAILABLE -> throw e;
        default ->
            throw new HoldfastException(
                ErrorCode.VAULT_UNAVAILABLE,
                "journal slot " + seq + " can't be read now: " + e.getMessage(),
                e);
      };
    }
  }

  @Override
  public long highestListed(long above) {
    long[] highest = {above};
    vault.list(
        PREFIX,
        above > 0 ? Optional.of(nameOf(above)) : Optional.empty(),
        name -> {
          highest[0] = Math.max(highest[0], slotOf(name).orElse(above));
          return true;
        });
    return highest[0];
  }

  static ObjectName nameOf(long seq) {
    return PREFIX.name(String.format(Locale.ROOT, "%020d", seq));
  }

  /** Empty for a name that no slot has; such an object is nobody's. */
  private static Optional<Long> slotOf(ObjectName name) {
    var matcher = SLOT.matcher(name.value());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(matcher.group(1)));
    } catch (NumberFormatException beyondLong) {
      return Optional.empty();
    }
  }
}
